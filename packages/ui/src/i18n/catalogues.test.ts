import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { words } from "./words.ts";

const source = path.resolve(import.meta.dirname, "..");
const sources = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => /(?<!\.test)\.tsx?$/.test(name) && !name.startsWith(path.join("i18n", "words")));
const components = sources.filter((name) => name.endsWith(".tsx"));
/** Attributes that people read or hear. */
const SPOKEN = new Set(["label", "aria-label", "title", "placeholder", "description", "alt", "legend"]);
/** Names and examples that are the same in every language. */
const ANYWHERE = new Set(["Trireme", "https://git.example.com/team/shop.git"]);

const entries: [string, readonly [en: string, ko: string]][] = Object.entries(words);

describe("the catalogues", () => {
  it("are one: no key is in two files", () => {
    const keys = readdirSync(path.join(import.meta.dirname, "words")).flatMap((name) => [...readFileSync(path.join(import.meta.dirname, "words", name), "utf8").matchAll(/^  "([^"]+)":/gm)].map(([, key]) => key!));
    expect(keys.sort()).toEqual(Object.keys(words).sort());
  });

  it("leave nothing unsaid", () => {
    expect(entries.filter(([, texts]) => texts.some((text) => text.trim() === ""))).toEqual([]);
  });

  it("fill in the same values", () => {
    const values = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([whole]) => whole).sort();
    expect(entries.flatMap(([key, [en, ko]]) => (String(values(en)) === String(values(ko)) ? [] : [key]))).toEqual([]);
  });

  it("are Korean where they say so", () => {
    const same = ["language.en", "pods.cpu", "why.desired", "repos.way.githubApp", "repos.way.helm", "repos.way.oci", "repos.way.https", "repos.way.ssh", "repos.lfs", "repos.url.charts", "create.by.server", "create.origin.git", "create.origin.helm", "create.origin.oci"];
    expect(entries.flatMap(([key, [, ko]]) => (/[가-힣]/.test(ko) || same.includes(key) ? [] : [key]))).toEqual([]);
  });

  it("have everything that components show: no word is written into them", () => {
    expect(components.flatMap(literalsIn)).toEqual([]);
  });

  it("have nothing that nobody shows", () => {
    const code = sources.map((name) => readFileSync(path.join(source, name), "utf8")).join("\n");
    const patterns = [...code.matchAll(/`((?:[\w.-]|\$\{\w+(?:\.\w+)?\})+)`/g)].map(([, template]) => new RegExp(`^${template!.replaceAll(/\$\{[^}]+\}/g, "\0").replaceAll(".", "\\.").replaceAll("\0", ".+")}$`));
    expect(Object.keys(words).filter((key) => !code.includes(`"${key}"`) && !patterns.some((pattern) => pattern.test(key)))).toEqual([]);
  });
});

function literalsIn(name: string): string[] {
  const file = ts.createSourceFile(name, readFileSync(path.join(source, name), "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const report = (node: ts.Node, text: string): void => {
    if (/\p{L}{2}/u.test(text) && !ANYWHERE.has(text.trim())) found.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${text.trim()}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) report(node, node.text);
    if (ts.isJsxExpression(node) && node.expression !== undefined && ts.isStringLiteralLike(node.expression) && !ts.isJsxAttribute(node.parent)) report(node, node.expression.text);
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer !== undefined) {
      const value = ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (value !== undefined && ts.isStringLiteralLike(value)) report(node, value.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
