import { AppError, Code } from "@trireme/runtime";
import { RESOURCE_OVERRIDE } from "./resource-override.ts";
import { jsonOf } from "./scalars.ts";
import { eachField, mismatch, toNumber, type SpecialType } from "./wire.ts";

const META = "k8s.io.apimachinery.pkg.apis.meta.v1";
const V1 = "github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1";

/** Messages with a JSON form of their own, Kubernetes' and Argo CD's. */
export const SPECIAL_TYPES: Readonly<Record<string, SpecialType>> = {
  [`${META}.Time`]: time((date) => date.toISOString().replace(/\.\d+Z$/, "Z")),
  [`${META}.MicroTime`]: time((date, nanos) => date.toISOString().replace(/\.\d+Z$/, `.${String(Math.trunc(nanos / 1000)).padStart(6, "0")}Z`)),
  [`${META}.FieldsV1`]: rawJson(),
  "k8s.io.apimachinery.pkg.runtime.RawExtension": rawJson(),
  "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON": rawJson(),
  "k8s.io.apimachinery.pkg.util.intstr.IntOrString": intOrString(),
  "k8s.io.apimachinery.pkg.api.resource.Quantity": quantity(),
  [`${V1}.OptionalArray`]: optionalArray(),
  [`${V1}.OptionalMap`]: optionalMap(),
  [`${V1}.ResourceOverride`]: RESOURCE_OVERRIDE,
};

/** RFC 3339 text or null; on the wire seconds and nanoseconds. */
function time(format: (date: Date, nanos: number) => string): SpecialType {
  return {
    zero: null,
    shape(json, path) {
      if (json === null || json === undefined || json === "") return null;
      if (typeof json !== "string") throw mismatch(path, json, "string");
      const { seconds, nanos } = parseTime(json, path);
      return format(new Date(seconds * 1000), nanos);
    },
    encode(json: string, writer) {
      const { seconds, nanos } = parseTime(json, "");
      writer.uint32(8).int64(seconds);
      writer.uint32(16).int32(nanos);
    },
    decode(reader, end) {
      let [seconds, nanos] = [0, 0];
      eachField(reader, end, (number) => {
        if (number === 1) seconds = toNumber(reader.int64());
        else if (number === 2) nanos = reader.int32();
        else return false;
        return true;
      });
      return seconds === 0 && nanos === 0 ? null : format(new Date(seconds * 1000), nanos);
    },
  };
}

function parseTime(text: string, path: string): { seconds: number; nanos: number } {
  const match = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:\d\d)$/.exec(text);
  const ms = match ? Date.parse(text) : NaN;
  if (!match || Number.isNaN(ms)) throw new AppError(`parsing time ${JSON.stringify(text)} at ${path}: want RFC 3339, as 2006-01-02T15:04:05Z`, { reason: "InvalidJson", code: Code.InvalidArgument, retry: "never", details: { field: path } });
  return { seconds: Math.floor(ms / 1000), nanos: Number((match[1] ?? "").padEnd(9, "0")) };
}

/** Any JSON, carried as its text. */
function rawJson(): SpecialType {
  return {
    zero: null,
    shape: (json) => json ?? null,
    encode(json, writer) {
      writer.uint32(10).bytes(Buffer.from(JSON.stringify(json)));
    },
    decode(reader, end) {
      let raw: Uint8Array | undefined;
      eachField(reader, end, (number) => {
        if (number !== 1) return false;
        raw = reader.bytes();
        return true;
      });
      return raw?.length ? jsonOf(Buffer.from(raw).toString("utf8")) : null;
    },
  };
}

function intOrString(): SpecialType {
  return {
    zero: 0,
    shape(json, path) {
      if (json === null || json === undefined) return 0;
      if (typeof json !== "string" && !Number.isInteger(json)) throw mismatch(path, json, "int32");
      return json;
    },
    encode(json: number | string, writer) {
      if (typeof json === "number") writer.uint32(16).int32(json);
      else writer.uint32(8).int64(1).uint32(26).string(json);
    },
    decode(reader, end) {
      let [type, int, string] = [0, 0, ""];
      eachField(reader, end, (number) => {
        if (number === 1) type = toNumber(reader.int64());
        else if (number === 2) int = reader.int32();
        else if (number === 3) string = reader.string();
        else return false;
        return true;
      });
      return type === 0 ? int : string;
    },
  };
}

/** Text such as `500m`; a number is as good. */
function quantity(): SpecialType {
  return {
    zero: "0",
    shape(json, path) {
      if (typeof json === "number") return String(json);
      if (typeof json !== "string") throw mismatch(path, json, "resource.Quantity");
      return json;
    },
    encode(json: string, writer) {
      writer.uint32(10).string(json);
    },
    decode(reader, end) {
      let text = "0";
      eachField(reader, end, (number) => {
        if (number !== 1) return false;
        text = reader.string();
        return true;
      });
      return text;
    },
  };
}

/** A bare list; the message around it only tells an empty one from none. */
function optionalArray(): SpecialType {
  return {
    zero: [],
    shape(json, path) {
      if (!Array.isArray(json) || json.some((item) => typeof item !== "string")) throw mismatch(path, json, "[]string");
      return json;
    },
    encode(json: string[], writer) {
      for (const item of json) writer.uint32(10).string(item);
    },
    decode(reader, end) {
      const items: string[] = [];
      eachField(reader, end, (number) => {
        if (number !== 1) return false;
        items.push(reader.string());
        return true;
      });
      return items;
    },
  };
}

function optionalMap(): SpecialType {
  return {
    zero: {},
    shape(json, path) {
      if (typeof json !== "object" || json === null || Array.isArray(json) || Object.values(json).some((item) => typeof item !== "string")) throw mismatch(path, json, "map[string]string");
      return json;
    },
    encode(json: Record<string, string>, writer) {
      for (const key of Object.keys(json).sort()) writer.uint32(10).fork().uint32(10).string(key).uint32(18).string(json[key]!).ldelim();
    },
    decode(reader, end) {
      const entries: [string, string][] = [];
      eachField(reader, end, (number) => {
        if (number !== 1) return false;
        let [key, value] = ["", ""];
        eachField(reader, reader.uint32() + reader.pos, (part) => {
          if (part === 1) key = reader.string();
          else if (part === 2) value = reader.string();
          else return false;
          return true;
        });
        entries.push([key, value]);
        return true;
      });
      return Object.fromEntries(entries);
    },
  };
}
