import { ExprError } from "./errors.ts";
import { ANY, ARRAY, BOOL, DURATION, FLOAT, INT, isAny, isAssignable, isInteger, isNumber, MAP, STRING, TIME, typeText, type ExprType } from "./types.ts";

type Signature = (args: readonly ExprType[]) => ExprType;

const STRINGS: ExprType = { kind: "slice", of: STRING };

/** What each builtin takes and gives. Not Object.prototype's names: looked up by what people write. */
export const BUILTIN_TYPES: Readonly<Record<string, Signature | undefined>> = Object.assign(Object.create(null) as Record<string, Signature>, {
  len: one("len", (type) => ["slice", "map", "string", "any"].includes(type.kind), () => INT),
  type: overloads("type", [[ANY], STRING]),
  abs: one("abs", isNumberOrAny, (type) => type),
  ceil: one("ceil", isNumberOrAny, () => FLOAT),
  floor: one("floor", isNumberOrAny, () => FLOAT),
  round: one("floor", isNumberOrAny, () => FLOAT),
  int: one("int", (type) => isNumberOrAny(type) || type.kind === "string", () => INT),
  float: one("float", (type) => isNumberOrAny(type) || type.kind === "string", () => FLOAT),
  string: overloads("string", [[ANY], STRING]),
  trim: overloads("trim", [[STRING], STRING], [[STRING, STRING], STRING]),
  trimPrefix: overloads("trimPrefix", [[STRING, STRING], STRING], [[STRING], STRING]),
  trimSuffix: overloads("trimSuffix", [[STRING, STRING], STRING], [[STRING], STRING]),
  upper: overloads("upper", [[STRING], STRING]),
  lower: overloads("lower", [[STRING], STRING]),
  split: overloads("split", [[STRING, STRING], STRINGS], [[STRING, STRING, INT], STRINGS]),
  splitAfter: overloads("splitAfter", [[STRING, STRING], STRINGS], [[STRING, STRING, INT], STRINGS]),
  replace: overloads("replace", [[STRING, STRING, STRING, INT], STRING], [[STRING, STRING, STRING], STRING]),
  repeat: overloads("repeat", [[STRING, INT], STRING]),
  join: overloads("join", [[STRINGS, STRING], STRING], [[ARRAY, STRING], STRING], [[ARRAY], STRING], [[STRINGS], STRING]),
  indexOf: overloads("indexOf", [[STRING, STRING], INT]),
  lastIndexOf: overloads("lastIndexOf", [[STRING, STRING], INT]),
  hasPrefix: overloads("hasPrefix", [[STRING, STRING], BOOL]),
  hasSuffix: overloads("hasSuffix", [[STRING, STRING], BOOL]),
  max: extreme("max"),
  min: extreme("min"),
  sum: listOf("sum", ANY),
  mean: listOf("avg", FLOAT),
  median: listOf("median", FLOAT),
  toJSON: overloads("toJSON", [[ANY], STRING]),
  fromJSON: overloads("fromJSON", [[STRING], ANY]),
  toBase64: overloads("toBase64", [[STRING], STRING]),
  fromBase64: overloads("fromBase64", [[STRING], STRING]),
  now: overloads("now", [[], TIME]),
  duration: overloads("duration", [[STRING], DURATION]),
  date: overloads("date", [[STRING], TIME], [[STRING, STRING], TIME], [[STRING, STRING, STRING], TIME]),
  first: element("first"),
  last: element("last"),
  get: () => ANY,
  take(args: readonly ExprType[]) {
    expectCount(args, 2);
    const [list, count] = args as [ExprType, ExprType];
    if (list.kind !== "slice" && !isAny(list)) throw new ExprError(`cannot take from ${named(list)}`);
    if (!isInteger(count) && !isAny(count)) throw new ExprError(`cannot take ${named(count)} elements`);
    return list;
  },
  keys: ofMap("cannot get keys from ", ""),
  values: ofMap("cannot get values from ", ""),
  toPairs: ofMap("cannot transform ", " to pairs"),
  fromPairs(args: readonly ExprType[]) {
    expectCount(args, 1);
    if (args[0]!.kind !== "slice" && !isAny(args[0]!)) throw new ExprError(`cannot transform ${named(args[0]!)} from pairs`);
    return { kind: "map", key: ANY, of: ANY } satisfies ExprType;
  },
  sort: (args: readonly ExprType[]) => sorted(args, 1),
  sortBy: (args: readonly ExprType[]) => sorted(args, 2),
  // The predicates' types are the checker's; here they only make their names taken.
  ...Object.fromEntries(["all", "none", "any", "one", "filter", "map", "count", "find", "findIndex", "findLast", "findLastIndex", "groupBy", "reduce"].map((name) => [name, () => MAP])),
});

/** As Go formats a type with `%s`. */
function named(type: ExprType): string {
  return type.kind === "nil" ? "%!s(<nil>)" : typeText(type);
}

function isNumberOrAny(type: ExprType): boolean {
  return isNumber(type) || isAny(type);
}

function expectCount(args: readonly ExprType[], count: number): void {
  if (args.length !== count) throw new ExprError(`invalid number of arguments (expected ${count}, got ${args.length})`);
}

function one(name: string, takes: (type: ExprType) => boolean, gives: (type: ExprType) => ExprType): Signature {
  return (args) => {
    expectCount(args, 1);
    if (!takes(args[0]!)) throw new ExprError(`invalid argument for ${name} (type ${named(args[0]!)})`);
    return gives(args[0]!);
  };
}

/** The first list of parameters that fits decides; the last one's complaint is told. */
function overloads(name: string, ...signatures: readonly [readonly ExprType[], ExprType][]): Signature {
  return (args) => {
    let problem = "";
    for (const [params, returns] of signatures) {
      problem = complaint(name, params, args);
      if (problem === "") return returns;
    }
    throw new ExprError(problem);
  };
}

function complaint(name: string, params: readonly ExprType[], args: readonly ExprType[]): string {
  if (args.length > params.length) return `too many arguments to call ${name}`;
  if (args.length < params.length) return `not enough arguments to call ${name}`;
  for (const [index, type] of args.entries()) {
    const wanted = params[index]!;
    if (type.kind !== "nil" && !isAny(type) && !(isInteger(wanted) && isInteger(type)) && !isAssignable(type, wanted)) return `cannot use ${typeText(type)} as argument (type ${typeText(wanted)}) to call ${name} `;
  }
  return "";
}

function extreme(name: string): Signature {
  return (args) => {
    if (args.length === 0) throw new ExprError(`not enough arguments to call ${name}`);
    for (const type of args) {
      if (isAny(type)) return ANY;
      if (!isNumber(type)) throw new ExprError(`invalid argument for ${name} (type ${named(type)})`);
    }
    return args[0]!;
  };
}

function listOf(verb: string, gives: ExprType): Signature {
  return (args) => {
    expectCount(args, 1);
    if (args[0]!.kind !== "slice" && !isAny(args[0]!)) throw new ExprError(`cannot ${verb} ${named(args[0]!)}`);
    return gives;
  };
}

function element(which: "first" | "last"): Signature {
  return (args) => {
    expectCount(args, 1);
    const [list] = args as [ExprType];
    if (list.kind === "slice") return list.of;
    if (isAny(list)) return ANY;
    throw new ExprError(`cannot get ${which} element from ${named(list)}`);
  };
}

function ofMap(before: string, after: string): Signature {
  return (args) => {
    expectCount(args, 1);
    if (args[0]!.kind !== "map" && !isAny(args[0]!)) throw new ExprError(`${before}${named(args[0]!)}${after}`);
    return ARRAY;
  };
}

function sorted(args: readonly ExprType[], least: number): ExprType {
  if (args.length !== least && args.length !== least + 1) throw new ExprError(`invalid number of arguments (expected ${least} or ${least + 1}, got ${args.length})`);
  if (args[0]!.kind !== "slice" && !isAny(args[0]!)) throw new ExprError(`cannot sort ${named(args[0]!)}`);
  for (const type of args.slice(1)) if (type.kind !== "string" && !isAny(type)) throw new ExprError(`invalid argument for sort (expected string, got ${named(type)})`);
  return ARRAY;
}
