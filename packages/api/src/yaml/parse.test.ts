import { parseYaml, parseYamlDocuments } from "./parse.ts";

describe(parseYaml, () => {
  test.each([
    { name: "booleans of YAML 1.1", text: "[y, Yes, on, n, No, OFF, true, FALSE]", want: [true, true, true, false, false, false, true, false] },
    { name: "octal, hexadecimal, binary, underscores", text: "[0755, 0o755, 0x1F, 0b101, 1_000, -012]", want: [493, 493, 31, 5, 1000, -10] },
    { name: "decimals and exponents", text: "[1.5, .5, 1e3, 1., +2]", want: [1.5, 0.5, 1000, 1, 2] },
    { name: "text that only looks like something", text: "[2024-01-01, 1.2.3, 08, 20231124033608x, 12e03x, '1']", want: ["2024-01-01", "1.2.3", 8, "20231124033608x", "12e03x", "1"] },
    { name: "nothing", text: "[~, null, '']", want: [null, null, ""] },
    { name: "a boolean key becomes text", text: "n: 300", want: { false: 300 } },
    { name: "the last of duplicate keys", text: "a: 1\na: 2", want: { a: 2 } },
    { name: "merge keys", text: "a: &a {x: 1}\nb:\n  <<: *a\n  z: 2", want: { a: { x: 1 }, b: { x: 1, z: 2 } } },
    { name: "JSON with tabs", text: '{\n\t"a": 1\n}', want: { a: 1 } },
    { name: "binary as its text", text: "a: !!binary aGVsbG8=", want: { a: "hello" } },
  ])("$name", ({ text, want }) => {
    expect(parseYaml(text, "f.yaml")).toEqual(want);
  });
});

describe(parseYamlDocuments, () => {
  const file = `# The service
apiVersion: v1
kind: Service
metadata:
  nmaespace: demo
spec:
  ports:
    - port: 80
      name: web
    - port: 81
---
# nothing here
---
kind: ConfigMap
`;

  it("knows the line of every field, and of the nearest parent of an absent one", () => {
    const [service, configMap] = parseYamlDocuments(file, "service.yaml").documents;
    expect(service).toMatchObject({ line: 2, index: 0 });
    expect(service!.fieldLine(["metadata", "nmaespace"])).toBe(5);
    expect(service!.fieldLine(["spec", "ports", 1, "port"])).toBe(10);
    expect(service!.fieldLine(["spec", "ports", 1, "targetPort"])).toBe(10);
    expect(service!.fieldLine(["spec", "selector"])).toBe(6);
    expect(configMap).toMatchObject({ line: 14, index: 2, value: { kind: "ConfigMap" } });
  });

  it("names file and line of what it cannot read", () => {
    expect(() => parseYamlDocuments("a: b\n  c: d\n", "app/service.yaml")).toThrow(expect.objectContaining({ reason: "YamlSyntax", message: "app/service.yaml:2: bad indentation of a mapping entry" }));
  });

  it("refuses aliases that expand without end", () => {
    const bomb = ["a0: &a0 [x, x]", ...Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)].join("\n");
    expect(() => parseYamlDocuments(bomb, "bomb.yaml")).toThrow(expect.objectContaining({ reason: "YamlTooLarge" }));
  });

  it("refuses what is nested too deep", () => {
    expect(() => parseYamlDocuments("[".repeat(5000), "deep.yaml")).toThrow(expect.objectContaining({ reason: "YamlSyntax" }));
  });

  it("does not share what an alias names", () => {
    const value = parseYaml("a: &a {x: 1}\nb: *a", "f.yaml") as Record<string, Record<string, number>>;
    value["a"]!["x"] = 2;
    expect(value["b"]).toEqual({ x: 1 });
  });
});
