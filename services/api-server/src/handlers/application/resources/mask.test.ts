import type { KubeObject } from "@trireme/api";
import { maskSecret } from "./mask.ts";

const aSecret = (more: object): KubeObject => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, ...more });

describe(maskSecret, () => {
  it("shows that values are equal or different, and nothing else of them", () => {
    expect(maskSecret(aSecret({ data: { a: "b25l", b: "dHdv", c: "b25l" } }))["data"]).toEqual({ a: "++++++++", b: "++++++++++++", c: "++++++++" });
  });

  it("knows a plain value as the encoded one", () => {
    const masked = maskSecret(aSecret({ data: { a: "b25l" }, stringData: { b: "one" } }));
    expect(masked["stringData"].b).toBe(masked["data"].a);
  });

  it("masks what was last applied, and annotations that are called sensitive", () => {
    const applied = JSON.stringify({ data: { a: "b25l" }, metadata: { annotations: { token: "t0p" } } });
    const masked = maskSecret(aSecret({ data: { a: "b25l" }, metadata: { name: "s", annotations: { "kubectl.kubernetes.io/last-applied-configuration": applied, token: "t0p", plain: "seen" } } }), ["token"]);
    expect(JSON.stringify(masked)).not.toMatch(/b25l|t0p/);
    expect(masked.metadata.annotations!["plain"]).toBe("seen");
  });

  it("replaces what was last applied as a whole when it cannot be read", () => {
    expect(maskSecret(aSecret({ metadata: { name: "s", annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{data: b25l" } } })).metadata.annotations!["kubectl.kubernetes.io/last-applied-configuration"]).toBe("++++++++");
  });

  it("leaves other kinds as they are", () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "x" } };
    expect(maskSecret(object)).toBe(object);
  });
});
