import { until, type Verdict } from "../support/until.ts";
import type { Call, Chapter, Request } from "./call.ts";
import { normalized } from "./normalize.ts";
import type { Server, Stream } from "./server.ts";

/** A chapter under way on one server: what earlier calls kept, and the watches that are open. */
export class Play implements Disposable {
  readonly #server: Server;
  readonly #kept = new Map<string, string>();
  readonly #streams = new Map<string, { stream: Stream; told: number }>();

  constructor(server: Server) {
    this.#server = server;
  }

  /** What the server says to one call, without what differs between any two servers. */
  async answer(call: Call): Promise<unknown> {
    if ("watch" in call) return this.#open(call);
    if ("told" in call) return normalized(await this.#heard(call.told, `${call.last} in watch ${call.told}`, (events) => events.some((event) => labelOf(event) === call.last) || { notYet: `told ${events.map(labelOf).join(", ") || "nothing"}` }));
    if ("forgotten" in call) return this.#server.forget().then(() => ({ forgotten: call.forgotten }));
    if ("ended" in call) {
      const { events } = await this.#heard(call.ended, `the end of watch ${call.ended}`, (_, stream) => stream.ended || { notYet: "is open" }, call.periodic);
      return normalized({ events: call.look ? call.look(events) : events });
    }
    return this.#ask(call);
  }

  [Symbol.dispose](): void {
    for (const { stream } of this.#streams.values()) stream[Symbol.dispose]();
  }

  async #ask(call: Request): Promise<unknown> {
    const request = this.#filled(call);
    const { until: expected, look } = call;
    const said = expected === undefined ? await this.#server.ask(request) : await until(call.name, () => this.#server.ask(request), (said) => expected(said) || { notYet: `answered ${said.code}: ${JSON.stringify(said.body).slice(0, 300)}` }, 30_000);
    for (const [name, at] of Object.entries(call.keep ?? {})) this.#kept.set(name, String(at.split(".").reduce((value: any, key) => value?.[key], said.body)));
    return normalized({ ...said, body: look ? look(said.body) : said.body });
  }

  async #open({ watch, path, accept }: { watch: string; path: string; accept?: string }): Promise<unknown> {
    const stream = await this.#server.watch(this.#fill(path), accept);
    this.#streams.set(watch, { stream, told: 0 });
    return normalized({ code: stream.code, headers: stream.headers });
  }

  async #heard(name: string, what: string, judge: (events: unknown[], stream: Stream) => Verdict, periodic = false): Promise<{ events: unknown[] }> {
    const open = this.#streams.get(name)!;
    const fresh = (): unknown[] => open.stream.events.slice(open.told).filter((event) => periodic || !isPeriodic(event));
    await until(what, async () => fresh(), (events) => judge(events, open.stream), 30_000);
    const events = fresh();
    open.told = open.stream.events.length;
    return { events };
  }

  #filled(call: Request): Request {
    const { path, body, headers } = call;
    return { ...call, path: this.#fill(path), ...(body !== undefined && { body: typeof body === "string" ? this.#fill(body) : JSON.parse(this.#fill(JSON.stringify(body))) }), ...(headers && { headers: JSON.parse(this.#fill(JSON.stringify(headers))) }) };
  }

  #fill(text: string): string {
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = this.#kept.get(name);
      if (value === undefined) throw new Error(`no earlier call kept ${name}`);
      return value;
    });
  }
}

/** Every call's key in the record: names repeat inside a chapter, so the place counts too. */
export function keysOf({ calls }: Chapter): string[] {
  return calls.map((call, index) => `${index} ${call.name}`);
}

/** Bookmarks that only keep a watch fresh come when a server likes. */
function isPeriodic(event: any): boolean {
  return event?.type === "BOOKMARK" && event.object?.metadata?.annotations === undefined;
}

function labelOf(event: any): string {
  const { type, object } = event ?? {};
  return [type, object?.metadata?.name ?? object?.rows?.[0]?.object?.metadata?.name ?? object?.reason].filter(Boolean).join(" ");
}
