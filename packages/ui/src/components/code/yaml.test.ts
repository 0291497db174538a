import { bareYamlOfJson, parseYaml, yamlOfJson, yamlText } from "./yaml.ts";

describe("YAML for people", () => {
  it("leaves out who manages which field unless that is asked for", () => {
    const json = JSON.stringify({ kind: "Pod", metadata: { name: "a", managedFields: [{ manager: "kubectl" }] } });
    expect(yamlOfJson(json)).toBe("kind: Pod\nmetadata:\n  name: a\n");
    expect(yamlOfJson(json, { managedFields: true })).toContain("manager: kubectl");
  });

  it("leaves out what only tools read where two are compared", () => {
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}", note: "x" };
    expect(bareYamlOfJson(JSON.stringify({ kind: "Pod", metadata: { annotations, managedFields: [] } }))).toBe("kind: Pod\nmetadata:\n  annotations:\n    note: x\n");
    expect(bareYamlOfJson(undefined)).toBe("");
  });

  test.each([undefined, "", "null"])("is empty for %s", (json) => expect(yamlOfJson(json)).toBe(""));

  it("comes back as it was, times and what looks like something else included", () => {
    const object = { a: "2026-01-01T00:00:00Z", b: "yes", c: "1", d: 1, e: "null", f: "on\nand on\n", g: "0x1F" };
    expect(parseYaml(yamlText(object))).toEqual(object);
  });

  it("is the same text whatever the order of the fields was", () => {
    expect(yamlText({ status: {}, spec: { b: 1, a: 2, name: "x" }, metadata: {}, kind: "Pod", apiVersion: "v1" })).toBe("apiVersion: v1\nkind: Pod\nmetadata: {}\nspec:\n  name: x\n  a: 2\n  b: 1\nstatus: {}\n");
  });

  it("says where it cannot be read", () => {
    expect(() => parseYaml("a: 1\nb: [")).toThrow(/[23]:/);
    expect(() => parseYaml("- a")).toThrow("not a map");
  });
});
