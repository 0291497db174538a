import { findFirst } from "./find.ts";

const document = { status: "ok", "with.dot": 5, items: [{ name: "a", n: 1, tags: ["x"] }, { name: "b", n: 2 }], nested: { deep: { value: 0.5, none: null } } };

describe("findFirst", () => {
  it.each<{ template: string; found: unknown }>([
    { template: "{$}", found: document },
    { template: "{}", found: document },
    { template: "{$.status}", found: "ok" },
    { template: "{.status}", found: "ok" },
    { template: "{ $.status }", found: "ok" },
    { template: "{.with\\.dot}", found: 5 },
    { template: "{$['with.dot']}", found: 5 },
    { template: "{.items[0].name}", found: "a" },
    { template: "{.items[-1].name}", found: "b" },
    { template: "{.items[1:].name}", found: "b" },
    { template: "{.items[0:1].name}", found: "a" },
    { template: "{.items[*].n}", found: 1 },
    { template: '{.items[?(@.name=="b")].n}', found: 2 },
    { template: "{.items[?(@.n > 1.0)].name}", found: "b" },
    { template: "{.items[?(@.n==1.0)].name}", found: "a" },
    { template: "{.items[].n}", found: 1 },
    { template: "{.items[*]['name','n']}", found: "a" },
    { template: "{.items[*].tags[0]}", found: "x" },
    { template: "{.items[0:2:2].name}", found: "a" },
    { template: "{@.status}", found: "ok" },
    { template: "{.*}", found: "ok" },
    { template: "{.items[?(@.tags)].name}", found: "a" },
    { template: "{.items[?(@.name=='nobody')].n}", found: undefined },
    { template: "{.items[1,0].name}", found: "b" },
    { template: "{..value}", found: 0.5 },
    { template: "{.nested.*.value}", found: 0.5 },
    { template: "{.nested.deep.none}", found: null },
    { template: "text {.status}", found: "text " },
    { template: "$.status", found: "$.status" },
    { template: '{"quoted"}', found: "quoted" },
  ])("finds with $template", ({ template, found }) => {
    expect(findFirst(template, document)).toEqual(found);
  });

  it.each([
    { template: "{$.absent}", problem: "absent is not found" },
    { template: "{.items[5]}", problem: "array index out of bounds: index 5, length 2" },
    { template: "{.status[0]}", problem: "string is not array or slice" },
    { template: "{.items[-5]}", problem: "array index out of bounds: index -3, length 2" },
    { template: "{.items.name}", problem: "name is not found" },
    { template: "{.nested.deep.none.x}", problem: "x is not found" },
    { template: "{.items[?(@.n>1)].name}", problem: "incompatible types for comparison" },
    { template: "{status}", problem: "unrecognized identifier status" },
    { template: "{.items[x]}", problem: "invalid array index x" },
    { template: "{.items[0}", problem: "unterminated array" },
    { template: "{.status", problem: "unclosed action" },
    { template: "{range .items[*]}{.n}{end}", problem: "range is not supported" },
  ])("says what is wrong with $template", ({ template, problem }) => expect(() => findFirst(template, document)).toThrow(problem));
});
