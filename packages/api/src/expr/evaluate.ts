import type { Node } from "./ast.ts";
import { callBuiltin } from "./builtins.ts";
import { compileRegExp } from "./check.ts";
import { ExprError } from "./errors.ts";
import type { Budget } from "./limits.ts";
import { arithmetic, compare, equal, isIn, keyOf } from "./operators.ts";
import { Duration, GoMap, goText, goTypeOf, Int64, plain, Slice, type Value } from "./values.ts";

export interface Environment {
  names: ReadonlyMap<string, Value>;
  /** Milliseconds since the epoch; what `now()` answers. */
  now: number;
}

/** Runs a checked and folded expression. Throws ExprError where Go's machine would panic, or when the budget is used up. */
export function run(node: Node, env: Environment, budget: Budget): Value {
  return new Evaluator(env, budget).value(node);
}

interface ClosureScope {
  items: readonly Value[];
  index: number;
  acc: Value;
}

/** Thrown through a chain whose optional part is nil. */
const CHAIN_ENDS = Symbol("chain ends");

class Evaluator {
  readonly #env: Environment;
  readonly #budget: Budget;
  readonly #closures: ClosureScope[] = [];
  readonly #variables: { name: string; value: Value }[] = [];

  constructor(env: Environment, budget: Budget) {
    this.#env = env;
    this.#budget = budget;
  }

  value(node: Node): Value {
    this.#budget.step();
    switch (node.is) {
      case "nil":
        return null;
      case "integer":
      case "float":
      case "bool":
      case "string":
        return node.value;
      case "identifier":
        return this.#name(node.name);
      case "unary":
        return this.#unary(node.operator, this.value(node.node));
      case "binary":
        return this.#binary(node);
      case "chain":
        return this.#chain(node.node);
      case "member":
        return this.#member(node);
      case "slice":
        return this.#slice(node);
      case "call":
        return this.#call(node.callee, node.args);
      case "builtin":
        return this.#builtin(node.name, node.args);
      case "closure":
        return this.value(node.node);
      case "pointer":
        return this.#pointer(node.name);
      case "let":
        return this.#declaration(node.name, node.value, node.body);
      case "conditional":
        return this.value(truth(this.value(node.condition)) ? node.then : node.otherwise);
      case "array":
        this.#budget.elements(node.nodes.length);
        return new Slice("any", node.nodes.map((item) => this.value(item)));
      default:
        return this.#map(node.pairs);
    }
  }

  #name(name: string): Value {
    const variable = this.#variables.findLast((candidate) => candidate.name === name);
    if (variable !== undefined) return variable.value;
    if (name === "$env") return new GoMap(this.#env.names);
    return this.#env.names.get(name) ?? null;
  }

  #unary(operator: string, value: Value): Value {
    if (operator === "!" || operator === "not") return !truth(value);
    if (operator === "+") return value;
    if (typeof value === "bigint") return BigInt.asIntN(64, -value);
    if (typeof value === "number") return -value;
    if (value instanceof Int64) return new Int64(BigInt.asIntN(64, -value.value));
    throw new ExprError(`invalid operation: - ${goTypeOf(value)}`);
  }

  #binary(node: Node & { is: "binary" }): Value {
    const { operator } = node;
    const left = this.value(node.left);
    switch (operator) {
      case "or":
      case "||":
        return truth(left) ? left : this.value(node.right);
      case "and":
      case "&&":
        return truth(left) ? this.value(node.right) : left;
      case "??":
        return left === null ? this.value(node.right) : left;
      default:
    }
    const right = this.value(node.right);
    switch (operator) {
      case "==":
      case "!=":
        return this.#equal(node, left, right) === (operator === "==");
      case "<":
      case ">":
      case "<=":
      case ">=":
        return compare(operator, left, right);
      case "in":
        return isIn(left, right, node.right.is === "array" && node.right.nodes.length > 0 && node.right.nodes.every((item) => item.is === "string"), this.#budget);
      case "matches":
        return this.#matches(text(left), text(right));
      case "contains":
        return text(left).includes(text(right));
      case "startsWith":
        return text(left).startsWith(text(right));
      case "endsWith":
        return text(left).endsWith(text(right));
      case "..":
        return this.#range(left, right);
      default:
        return arithmetic(operator, left, right, this.#budget);
    }
  }

  /** Two that were inferred to be whole numbers are compared as such, and fail when they are not. */
  #equal(node: Node & { is: "binary" }, left: Value, right: Value): boolean {
    if (node.left.type?.kind === "int" && node.right.type?.kind === "int" && node.operator === "==") {
      const odd = [left, right].find((value) => typeof value !== "bigint");
      if (odd !== undefined) throw new ExprError(`interface conversion: interface {} is ${goTypeOf(odd)}, not int`);
    }
    return equal(left, right, this.#budget);
  }

  #matches(subject: string, pattern: string): boolean {
    this.#budget.step(Math.ceil((subject.length * (pattern.length + 1)) / 64));
    return compileRegExp(pattern).matcher(subject).find();
  }

  #range(from: Value, to: Value): Value {
    const [first, last] = [wholeNumber(from), wholeNumber(to)];
    const size = last < first ? 0 : last - first + 1;
    this.#budget.elements(size);
    return new Slice("int", Array.from({ length: size }, (_, index) => BigInt(first + index)));
  }

  #chain(node: Node): Value {
    try {
      return this.value(node);
    } catch (thrown) {
      if (thrown === CHAIN_ENDS) return null;
      throw thrown;
    }
  }

  #member(node: Node & { is: "member" }): Value {
    const base = this.value(node.node);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- ends the chain around it, no failure
    if (node.optional && base === null) throw CHAIN_ENDS;
    return fetch(base, this.value(node.property));
  }

  #slice(node: Node & { is: "slice" }): Value {
    const base = this.value(node.node);
    if (!(base instanceof Slice) && typeof base !== "string") throw new ExprError(`cannot slice ${goText(base)}`);
    const bytes = typeof base === "string" ? new TextEncoder().encode(base) : undefined;
    const length = bytes?.length ?? (base as Slice).items.length;
    const bound = (part: Node | undefined, absent: number) => {
      const given = part === undefined ? absent : wholeNumber(this.value(part));
      return Math.max(0, given < 0 ? length + given : given);
    };
    const to = Math.min(bound(node.to, length), length);
    const from = Math.min(bound(node.from, 0), to);
    if (bytes !== undefined) return new TextDecoder().decode(bytes.subarray(from, to));
    return new Slice((base as Slice).of, (base as Slice).items.slice(from, to));
  }

  #call(callee: Node, args: readonly Node[]): Value {
    const values = args.map((arg) => this.value(arg));
    const fn = this.value(callee);
    if (typeof fn !== "function") throw new ExprError(`reflect: call of reflect.Value.Call on ${fn === null ? "zero Value" : `${goTypeOf(fn)} Value`}`);
    return fn(values);
  }

  #pointer(name: string): Value {
    const scope = this.#closures.at(-1)!;
    if (name === "index") return BigInt(scope.index);
    if (name === "acc") return scope.acc;
    if (scope.index >= scope.items.length) throw new ExprError("reflect: slice index out of range");
    return scope.items[scope.index]!;
  }

  #declaration(name: string, value: Node, body: Node): Value {
    this.#variables.push({ name, value: this.value(value) });
    try {
      return this.value(body);
    } finally {
      this.#variables.pop();
    }
  }

  #map(pairs: readonly { key: Node; value: Node }[]): Value {
    this.#budget.elements(pairs.length);
    return new GoMap(new Map(pairs.map(({ key, value }) => [text(this.value(key)), this.value(value)])));
  }

  #builtin(name: string, args: readonly Node[]): Value {
    const closure = args.find((arg) => arg.is === "closure");
    if (closure === undefined) return callBuiltin(name, args.map((arg) => this.value(arg)), this.#env, this.#budget);
    const scope: ClosureScope = { items: itemsOf(this.value(args[0]!)), index: 0, acc: null };
    this.#closures.push(scope);
    try {
      return this.#loop(name, closure, args[2], scope);
    } finally {
      this.#closures.pop();
    }
  }

  #loop(name: string, closure: Node, initial: Node | undefined, scope: ClosureScope): Value {
    const { items } = scope;
    const holds = (index: number): boolean => {
      scope.index = index;
      return truth(this.value(closure));
    };
    const indexes = items.map((_, index) => index);
    switch (name) {
      case "all":
        return indexes.every(holds);
      case "none":
        return !indexes.some(holds);
      case "any":
        return indexes.some(holds);
      case "one":
        return indexes.filter(holds).length === 1;
      case "count":
        return BigInt(indexes.filter(holds).length);
      case "filter": {
        const kept = indexes.filter(holds);
        this.#budget.elements(kept.length);
        return new Slice("any", kept.map((index) => items[index]!));
      }
      case "find":
        return items[indexes.find(holds) ?? -1] ?? null;
      case "findLast":
        return items[indexes.findLast(holds) ?? -1] ?? null;
      case "findIndex":
        return indexOrNil(indexes.find(holds));
      case "findLastIndex":
        return indexOrNil(indexes.findLast(holds));
      default:
        return this.#collect(name, closure, initial, scope);
    }
  }

  #collect(name: string, closure: Node, initial: Node | undefined, scope: ClosureScope): Value {
    const { items } = scope;
    const each = (index: number): Value => {
      scope.index = index;
      return this.value(closure);
    };
    if (name === "map") {
      this.#budget.elements(items.length);
      return new Slice("any", items.map((_, index) => each(index)));
    }
    if (name === "groupBy") {
      const groups = new Map<Value, Value[]>();
      for (const [index, item] of items.entries()) {
        const key = each(index);
        if (typeof key === "object" && (key instanceof Slice || key instanceof GoMap)) throw new ExprError(`runtime error: hash of unhashable type ${goTypeOf(key)}`);
        groups.set(key, [...(groups.get(key) ?? []), item]);
      }
      return new GoMap(new Map([...groups].map(([key, group]) => [key, new Slice("any", group)])), "any");
    }
    scope.acc = initial === undefined ? this.#pointer("") : this.value(initial);
    for (let index = initial === undefined ? 1 : 0; index < items.length; index++) scope.acc = each(index);
    return scope.acc;
  }
}

/** An element or entry; what is not there is nil in a map and an error in a list. */
export function fetch(base: Value, property: Value): Value {
  if (base instanceof GoMap) return base.entries.get(keyOf(base, property)) ?? null;
  if (base instanceof Slice || typeof base === "string") {
    const items = base instanceof Slice ? base.items : bytesOf(base);
    const index = wholeNumber(property);
    const at = index < 0 ? items.length + index : index;
    if (at < 0 || at >= items.length) throw new ExprError(`reflect: ${base instanceof Slice ? "slice" : "string"} index out of range`);
    return items[at]!;
  }
  throw new ExprError(`cannot fetch ${goText(property)} from ${goTypeOf(base)}`);
}

export function wholeNumber(given: Value): number {
  const value = plain(given);
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" && Number.isFinite(value)) return Math.trunc(value);
  throw new ExprError(`invalid operation: int(${goTypeOf(given)})`);
}

function truth(value: Value): boolean {
  if (typeof value !== "boolean") throw new ExprError(`interface conversion: interface {} is ${value === null ? "nil" : goTypeOf(value)}, not bool`);
  return value;
}

function text(value: Value): string {
  if (typeof value !== "string") throw new ExprError(`interface conversion: interface {} is ${value === null ? "nil" : goTypeOf(value)}, not string`);
  return value;
}

function itemsOf(collection: Value): readonly Value[] {
  if (collection instanceof Slice) return collection.items;
  if (typeof collection === "string") return bytesOf(collection);
  if (collection instanceof GoMap && collection.entries.size === 0) return [];
  throw new ExprError(`reflect: call of reflect.Value.Len on ${collection === null ? "zero" : collection instanceof Duration ? "int64" : goTypeOf(collection)} Value`);
}

function bytesOf(value: string): Value[] {
  return Array.from(new TextEncoder().encode(value), BigInt);
}

function indexOrNil(index: number | undefined): Value {
  return index === undefined ? null : BigInt(index);
}
