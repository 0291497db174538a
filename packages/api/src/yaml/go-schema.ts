import { binaryTag, CORE_SCHEMA, defineScalarTag, mergeTag, NOT_RESOLVED, type Schema } from "js-yaml";

const TRUE = new Set(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]);
const FALSE = new Set(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]);

const goBool = defineScalarTag("tag:yaml.org,2002:bool", {
  implicit: true,
  implicitFirstChars: [..."yYnNtTfFoO"],
  resolve: (source) => (TRUE.has(source) ? true : FALSE.has(source) ? false : NOT_RESOLVED),
  identify: (value) => typeof value === "boolean",
  represent: (value) => (value ? "true" : "false"),
});

const INTEGER = /^([-+]?)(0x[0-9a-fA-F]+|0b[01]+|0o[0-7]+|0[0-7]*|[1-9][0-9]*)$/;

const goInt = defineScalarTag<number>("tag:yaml.org,2002:int", {
  implicit: true,
  implicitFirstChars: [..."-+0123456789"],
  resolve(source) {
    const match = INTEGER.exec(source.replaceAll("_", ""));
    if (match === null || source.startsWith("_")) return NOT_RESOLVED;
    const value = numberOf(match[2]!);
    return match[1] === "-" && value !== 0 ? -value : value;
  },
  identify: (value) => Number.isInteger(value),
  represent: String,
});

/** Go reads a leading zero as octal: `0755` is 493. */
function numberOf(digits: string): number {
  return /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

const goFloat = defineScalarTag<number>("tag:yaml.org,2002:float", {
  implicit: true,
  implicitFirstChars: [..."-+.0123456789"],
  resolve(source) {
    const plain = source.replaceAll("_", "");
    const value = FLOAT.test(plain) ? Number(plain) : Number.NaN;
    // A number too large for Go stays text there, too.
    return Number.isFinite(value) ? value : NOT_RESOLVED;
  },
  identify: (value) => typeof value === "number" && !Number.isInteger(value),
  represent: String,
});

/** `!!binary` is the text that it encodes: resources hold JSON only. */
const goBinary = defineScalarTag<string>("tag:yaml.org,2002:binary", {
  resolve(source, isExplicit, tagName) {
    const bytes = binaryTag.resolve(source, isExplicit, tagName);
    return bytes === NOT_RESOLVED ? NOT_RESOLVED : new TextDecoder().decode(bytes);
  },
  identify: () => false,
});

/** YAML as Kubernetes' Go parser reads it: YAML 1.1 booleans and octal numbers, no dates, merge keys. */
export const GO_SCHEMA: Schema = CORE_SCHEMA.withTags(goBool, goInt, goFloat, mergeTag, goBinary);
