import { generateKeysText, parseKeys, redactionHash, seal, unseal } from "./seal.ts";

const keys = parseKeys(generateKeysText(), "test");

describe(seal, () => {
  it("opens what it sealed, for the same context only", () => {
    const sealed = seal(keys, Buffer.from("manifests"), "set/a");
    expect(sealed.includes("manifests")).toBe(false);
    expect(unseal(keys, sealed, "set/a")?.toString()).toBe("manifests");
    expect(unseal(keys, sealed, "set/b")).toBeUndefined();
  });

  it("notices a changed byte", () => {
    const sealed = seal(keys, Buffer.from("manifests"), "x");
    sealed[sealed.length - 1]! ^= 1;
    expect(unseal(keys, sealed, "x")).toBeUndefined();
  });

  it("still opens with the older key during a rotation", () => {
    const sealed = seal(keys, Buffer.from("old"), "x");
    const rotated = { ...parseKeys(generateKeysText(), "test") };
    expect(unseal({ ...rotated, sealing: [...rotated.sealing, ...keys.sealing] }, sealed, "x")?.toString()).toBe("old");
    expect(unseal(rotated, sealed, "x")).toBeUndefined();
  });
});

describe(redactionHash, () => {
  it("is equal for equal values under one key, and tells nothing across keys", () => {
    expect(redactionHash(keys, "a")).toBe(redactionHash(keys, "a"));
    expect(redactionHash(keys, "a")).not.toBe(redactionHash(keys, "b"));
    expect(redactionHash(keys, "a")).not.toBe(redactionHash(parseKeys(generateKeysText(), "test"), "a"));
  });
});

describe(parseKeys, () => {
  test.each([
    { name: "not JSON", text: "{", want: "keys.json: is not JSON" },
    { name: "no redaction key", text: `{"sealing":["${Buffer.alloc(32).toString("base64")}"]}`, want: "keys.json: has no redaction key" },
    { name: "a short key", text: '{"sealing":["AAAA"],"redaction":["AAAA"]}', want: "keys.json: a sealing key must be 32 bytes in base64" },
  ])("$name", ({ text, want }) => {
    expect(() => parseKeys(text, "keys.json")).toThrow(want);
  });
});
