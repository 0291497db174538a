import { createHash } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import { withLastApplied } from "@trireme/gitops";
import { masked, redacted } from "./redact.ts";

const hash = (value: Uint8Array) => createHash("sha256").update(value).digest("hex").slice(0, 12);
const base64 = (text: string) => Buffer.from(text).toString("base64");
const secret = (more: Record<string, unknown>): KubeObject => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "team" }, ...more });

describe(redacted, () => {
  it("leaves no value behind, wherever it stands", () => {
    const live = withLastApplied(secret({ data: { password: base64("hunter2"), empty: "" } }));
    const text = JSON.stringify(redacted(live, hash));
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain(base64("hunter2"));
    expect(redacted(live, hash)["data"]["empty"]).toBe("");
  });

  it("gives equal values equal stand-ins, however they were written", () => {
    const plain = redacted(secret({ stringData: { password: "hunter2" } }), hash);
    const encoded = redacted(secret({ data: { password: `${base64("hunter2")}\n` } }), hash);
    expect(plain["data"]).toEqual(encoded["data"]);
    expect(plain["stringData"]).toBeUndefined();
  });

  it("replaces a last applied configuration that nobody can read", () => {
    const live = secret({ metadata: { name: "s", annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{hunter2" } } });
    expect(redacted(live, hash).metadata.annotations!["kubectl.kubernetes.io/last-applied-configuration"]).toBe("++++++++");
  });

  it("leaves other kinds as they are", () => {
    const config: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "b" } };
    expect(redacted(config, hash)).toBe(config);
  });
});

describe(masked, () => {
  it("shows runs of plus signs: equal for equal values over all sides, longer for each further one", () => {
    const target = redacted(secret({ data: { a: base64("one"), b: base64("two") } }), hash);
    const live = redacted(withLastApplied(secret({ data: { a: base64("one"), b: base64("three") } })), hash);
    const [shownTarget, shownLive] = masked([target, live]);
    expect(shownTarget!["data"]).toEqual({ a: "+".repeat(8), b: "+".repeat(12) });
    expect(shownLive!["data"].a).toBe("+".repeat(8));
    expect(shownLive!["data"].b).toBe("+".repeat(16));
    expect(JSON.stringify(shownLive)).not.toContain("redacted:");
  });

  it("hides annotations that are listed as sensitive", () => {
    const [shown] = masked([secret({ metadata: { name: "s", annotations: { token: "abc", other: "x" } } })], ["token"]);
    expect(shown!.metadata.annotations).toEqual({ token: "+".repeat(8), other: "x" });
  });
});
