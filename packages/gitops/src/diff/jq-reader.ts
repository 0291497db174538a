/** Reads the text of a jq expression, piece by piece; space between pieces does not matter. */
export class JqReader {
  private at = 0;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  peek(): string | undefined {
    this.skip();
    return this.source[this.at];
  }

  take(text: string): boolean {
    this.skip();
    if (!this.source.startsWith(text, this.at)) return false;
    // `orders` does not begin with the word `or`.
    if (/\w$/.test(text) && /\w/.test(this.source[this.at + text.length] ?? "")) return false;
    this.at += text.length;
    return true;
  }

  /** What a sticky pattern matches right here. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** A text in double quotes; jq's interpolation is left to jq. */
  text(): string | undefined {
    this.skip();
    const found = this.match(/"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y);
    return found === undefined ? undefined : (JSON.parse(found) as string);
  }

  literal(): { literal: string | number | boolean | null } | undefined {
    const text = this.text();
    if (text !== undefined) return { literal: text };
    for (const [word, literal] of [["true", true], ["false", false], ["null", null]] as const) if (this.take(word)) return { literal };
    const number = this.match(/-?[0-9]+(?:\.[0-9]+)?/y);
    return number === undefined ? undefined : { literal: Number(number) };
  }

  atEnd(): boolean {
    this.skip();
    return this.at === this.source.length;
  }

  private skip(): void {
    while (/\s/.test(this.source[this.at] ?? "")) this.at++;
  }
}
