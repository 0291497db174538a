import { decodeProtobuf, isProtobuf } from "./decode.ts";

/** Writes fields as protobuf does, so that a test reads like the message it sends. */
const varint = (value: number): Buffer => (value < 0x80 ? Buffer.from([value]) : Buffer.concat([Buffer.from([(value & 0x7f) | 0x80]), varint(value >>> 7)]));
const bytes = (number: number, value: Buffer | string): Buffer => Buffer.concat([varint((number << 3) | 2), varint(Buffer.byteLength(value)), Buffer.from(value)]);
const int = (number: number, value: number): Buffer => Buffer.concat([varint(number << 3), varint(value)]);
const message = (...fields: Buffer[]): Buffer => Buffer.concat(fields);
const envelope = (apiVersion: string, kind: string, raw: Buffer): Buffer => message(Buffer.from("k8s\0"), bytes(1, message(bytes(1, apiVersion), bytes(2, kind))), bytes(2, raw));
const nameOf = (): string => "io.k8s.api.core.v1.Pod";

describe(decodeProtobuf, () => {
  it("reads texts, numbers, maps, lists, inlined parts and the types with forms of their own", () => {
    const port = message(bytes(1, "http"), int(3, 8080));
    const probe = message(bytes(1, message(bytes(2, message(bytes(2, message(int(1, 1), bytes(3, "http"))))))), int(2, 5));
    const resources = bytes(1, message(bytes(1, "cpu"), bytes(2, bytes(1, "500m"))));
    const container = message(bytes(1, "main"), bytes(2, "web:1"), bytes(6, port), bytes(8, resources), bytes(11, probe), int(18, 1));
    const volume = message(bytes(1, "tmp"), bytes(2, bytes(2, Buffer.alloc(0))));
    const metadata = message(bytes(1, "pod"), bytes(8, int(1, 1_767_225_600)), bytes(11, message(bytes(1, "app"), bytes(2, "web"))));
    expect(decodeProtobuf(envelope("v1", "Pod", message(bytes(1, metadata), bytes(2, message(bytes(1, volume), bytes(2, container))))), nameOf)).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "pod", creationTimestamp: "2026-01-01T00:00:00Z", labels: { app: "web" } },
      spec: {
        volumes: [{ name: "tmp", emptyDir: {} }],
        containers: [{ name: "main", image: "web:1", ports: [{ name: "http", containerPort: 8080 }], resources: { limits: { cpu: "500m" } }, readinessProbe: { httpGet: { port: "http" }, initialDelaySeconds: 5 }, tty: true }],
      },
    });
  });

  it("refuses what it cannot read", () => {
    const whole = envelope("v1", "Pod", bytes(1, bytes(1, "pod")));
    expect(isProtobuf(Buffer.from("{}"))).toBe(false);
    expect(() => decodeProtobuf(Buffer.from("{}"), nameOf)).toThrow("does not appear to be a protobuf message");
    expect(() => decodeProtobuf(whole.subarray(0, whole.length - 2), nameOf)).toThrow("unexpected end");
    expect(() => decodeProtobuf(whole, () => undefined)).toThrow('no kind "Pod" is registered for version "v1"');
  });
});
