import { RE2JS } from "re2js";
import type { Node } from "./ast.ts";
import { BUILTIN_TYPES } from "./builtin-types.ts";
import { ExprError } from "./errors.ts";
import { coalesced, membership, resultOf } from "./operator-types.ts";
import { ANY, ARRAY, BOOL, FLOAT, INT, isAny, isAssignable, isInteger, isNumber, MAP, NIL, STRING, typeText, type ExprType, type FunctionType } from "./types.ts";

interface Checked {
  type: ExprType;
  /** What all elements of a literal list are. */
  element?: ExprType;
}

interface ClosureScope {
  collection: ExprType;
  names: Readonly<Record<string, ExprType>>;
}

/**
 * Types of an expression over an environment, as expr 1.15 infers them from the values at hand: what cannot work is an
 * error even where it would not be reached. Writes each node's type, and makes whole-number literals floats where a function wants them.
 */
export function check(node: Node, env: Readonly<Record<string, ExprType>>): ExprType {
  return new Checker(env).visit(node).type;
}

class Checker {
  readonly #env: Readonly<Record<string, ExprType>>;
  readonly #closures: ClosureScope[] = [];
  readonly #variables: { name: string; checked: Checked }[] = [];

  constructor(env: Readonly<Record<string, ExprType>>) {
    this.#env = env;
  }

  visit(node: Node): Checked {
    const checked = this.#checked(node);
    node.type = checked.type;
    return checked;
  }

  #checked(node: Node): Checked {
    switch (node.is) {
      case "nil":
        return { type: NIL };
      case "integer":
        return { type: INT };
      case "float":
        return { type: FLOAT };
      case "bool":
        return { type: BOOL };
      case "string":
        return { type: STRING };
      case "identifier":
        return this.#identifier(node.name);
      case "unary":
        return { type: this.#unary(node.operator, this.visit(node.node).type) };
      case "binary":
        return { type: this.#binary(node.operator, node.left, node.right) };
      case "chain":
        return this.visit(node.node);
      case "member":
        return { type: this.#member(node.node, node.property, node.optional) };
      case "slice":
        return { type: this.#slice(node) };
      case "call":
        return { type: this.#call(node.callee, node.args) };
      case "builtin":
        return { type: this.#builtin(node.name, node.args) };
      case "closure":
        return this.#closure(node.node);
      case "pointer":
        return { type: this.#pointer(node.name) };
      case "let":
        return this.#declaration(node.name, node.value, node.body);
      case "conditional":
        return { type: this.#conditional(node.condition, node.then, node.otherwise) };
      case "array":
        return this.#array(node.nodes);
      default:
        for (const { key, value } of node.pairs) {
          this.visit(key);
          this.visit(value);
        }
        return { type: MAP };
    }
  }

  #identifier(name: string): Checked {
    const variable = this.#variables.findLast((candidate) => candidate.name === name);
    if (variable !== undefined) return variable.checked;
    if (name === "$env") return { type: MAP };
    return { type: this.#fromEnv(name, true) };
  }

  #fromEnv(name: string, strict: boolean): ExprType {
    if (BUILTIN_TYPES[name] !== undefined) return { kind: "func", name, params: [], returns: ANY };
    const type = Object.hasOwn(this.#env, name) ? this.#env[name] : undefined;
    if (type === undefined && strict) throw new ExprError(`unknown name ${name}`);
    return type ?? ANY;
  }

  #unary(operator: string, type: ExprType): ExprType {
    const isNot = operator === "!" || operator === "not";
    if (isNot && (type.kind === "bool" || isAny(type))) return BOOL;
    if (!isNot && (isNumber(type) || isAny(type))) return type;
    throw new ExprError(`invalid operation: ${operator} (mismatched type ${typeText(type)})`);
  }

  #binary(operator: string, leftNode: Node, rightNode: Node): ExprType {
    const left = this.visit(leftNode).type;
    const { type: right, element } = this.visit(rightNode);
    if (operator === "matches" && rightNode.is === "string") compileRegExp(rightNode.value);
    const found = operator === "in" ? membership(left, right, element) : operator === "??" ? coalesced(left, right) : resultOf(operator, left, right);
    if (found === undefined) throw new ExprError(`invalid operation: ${operator} (mismatched types ${typeText(left)} and ${typeText(right)})`);
    return found;
  }

  #member(baseNode: Node, propertyNode: Node, optional: boolean): ExprType {
    const base = this.visit(baseNode).type;
    const property = this.visit(propertyNode).type;
    if (baseNode.is === "identifier" && baseNode.name === "$env") return propertyNode.is === "string" ? this.#fromEnv(propertyNode.value, !optional) : ANY;
    switch (base.kind) {
      case "any":
        return ANY;
      case "map":
        if (property.kind !== "nil" && !isAssignable(property, base.key) && !isAny(property)) throw new ExprError(`cannot use ${typeText(property)} to get an element from ${typeText(base)}`);
        return base.of;
      case "slice":
        if (!isInteger(property) && !isAny(property)) throw new ExprError(`array elements can only be selected using an integer (got ${typeText(property)})`);
        return base.of;
      case "nil":
        if (propertyNode.is === "string") throw new ExprError(`type <nil> has no field ${propertyNode.value}`);
        break;
      default:
    }
    throw new ExprError(`type ${typeText(base)}[${typeText(property)}] is undefined`);
  }

  #slice(node: Node & { is: "slice" }): ExprType {
    const { type } = this.visit(node.node);
    if (!isAny(type) && type.kind !== "string" && type.kind !== "slice") throw new ExprError(`cannot slice ${typeText(type)}`);
    for (const bound of [node.from, node.to]) {
      if (bound === undefined) continue;
      const { type: of } = this.visit(bound);
      if (!isInteger(of) && !isAny(of)) throw new ExprError(`non-integer slice index ${typeText(of)}`);
    }
    return type;
  }

  #call(callee: Node, args: Node[]): ExprType {
    const fn = this.visit(callee).type;
    const name = callee.is === "identifier" ? callee.name : callee.is === "member" && callee.property.is === "string" ? callee.property.value : "function";
    switch (fn.kind) {
      case "nil":
        throw new ExprError(`${name} is nil; cannot call nil as function`);
      case "any":
        for (const arg of args) this.visit(arg);
        return ANY;
      case "func":
        return this.#arguments(fn, name, args);
      default:
        throw new ExprError(`${typeText(fn)} is not callable`);
    }
  }

  #arguments(fn: FunctionType, name: string, args: Node[]): ExprType {
    if (args.length > fn.params.length) throw new ExprError(`too many arguments to call ${name}`);
    if (args.length < fn.params.length) throw new ExprError(`not enough arguments to call ${name}`);
    args.forEach((arg, index) => {
      const wanted = fn.params[index]!;
      const { type } = this.visit(arg);
      if (wanted.kind === "float" && isInteger(type)) args[index] = asFloats(arg);
      else if (type.kind !== "nil" && !isAny(type) && !(isInteger(wanted) && isInteger(type)) && !isAssignable(type, wanted)) throw new ExprError(`cannot use ${typeText(type)} as argument (type ${typeText(wanted)}) to call ${name} `);
    });
    return fn.returns;
  }

  #builtin(name: string, args: Node[]): ExprType {
    const closure = args.find((arg) => arg.is === "closure");
    if (closure !== undefined) return this.#predicate(name, args[0]!, closure, args[2]);
    if (name === "get") return this.#get(args);
    return BUILTIN_TYPES[name]!(args.map((arg) => this.visit(arg).type));
  }

  #predicate(name: string, collectionNode: Node, closure: Node, initial: Node | undefined): ExprType {
    const collection = this.visit(collectionNode).type;
    if (collection.kind !== "slice" && !isAny(collection)) throw new ExprError(`builtin ${name} takes only array (got ${typeText(collection)})`);
    this.#closures.push({ collection, names: name === "map" ? { index: INT } : name === "reduce" ? { index: INT, acc: ANY } : {} });
    const out = this.visit(closure).type;
    this.#closures.pop();
    if (initial !== undefined) this.visit(initial);
    const element = collection.kind === "slice" ? collection.of : ANY;
    switch (name) {
      case "map":
        return { kind: "slice", of: out };
      case "reduce":
        return out;
      case "groupBy":
        return { kind: "map", key: ANY, of: ARRAY };
      default:
    }
    if (out.kind !== "bool" && !isAny(out)) throw new ExprError(`predicate should return boolean (got ${typeText(out)})`);
    switch (name) {
      case "filter":
        return { kind: "slice", of: element };
      case "find":
      case "findLast":
        return element;
      case "count":
      case "findIndex":
      case "findLastIndex":
        return INT;
      default:
        return BOOL;
    }
  }

  #get(args: Node[]): ExprType {
    if (args.length !== 2) throw new ExprError(`invalid number of arguments (expected 2, got ${args.length})`);
    const [base, property] = args.map((arg) => this.visit(arg).type) as [ExprType, ExprType];
    switch (base.kind) {
      case "any":
        return ANY;
      case "slice":
        if (property.kind === "nil") throw new ExprError("cannot use nil as slice index");
        if (!isInteger(property) && !isAny(property)) throw new ExprError(`non-integer slice index ${typeText(property)}`);
        return base.of;
      case "map":
        if (property.kind === "nil") throw new ExprError("cannot use nil as map index");
        if (!isAssignable(property, base.key) && !isAny(property)) throw new ExprError(`cannot use ${typeText(property)} to get an element from ${typeText(base)}`);
        return base.of;
      default:
        throw new ExprError(`type ${typeText(base)} does not support indexing`);
    }
  }

  #closure(body: Node): Checked {
    const { type } = this.visit(body);
    if (type.kind === "nil") throw new ExprError("closure cannot be nil");
    return { type };
  }

  #pointer(name: string): ExprType {
    const scope = this.#closures.at(-1);
    if (scope === undefined) throw new ExprError("cannot use pointer accessor outside closure");
    if (name === "") return scope.collection.kind === "slice" ? scope.collection.of : ANY;
    const type = Object.hasOwn(scope.names, name) ? scope.names[name] : undefined;
    if (type === undefined) throw new ExprError(`unknown pointer #${name}`);
    return type;
  }

  #declaration(name: string, value: Node, body: Node): Checked {
    if (Object.hasOwn(this.#env, name)) throw new ExprError(`cannot redeclare ${name}`);
    if (BUILTIN_TYPES[name] !== undefined) throw new ExprError(`cannot redeclare builtin ${name}`);
    if (this.#variables.some((variable) => variable.name === name)) throw new ExprError(`cannot redeclare variable ${name}`);
    this.#variables.push({ name, checked: this.visit(value) });
    const checked = this.visit(body);
    this.#variables.pop();
    return checked;
  }

  #conditional(condition: Node, then: Node, otherwise: Node): ExprType {
    const { type } = this.visit(condition);
    if (type.kind !== "bool" && !isAny(type)) throw new ExprError(`non-bool expression (type ${typeText(type)}) used as condition`);
    const [left, right] = [this.visit(then).type, this.visit(otherwise).type];
    if (left.kind === "nil") return right;
    if (right.kind === "nil" || isAssignable(left, right)) return left;
    return ANY;
  }

  #array(nodes: readonly Node[]): Checked {
    const types = nodes.map((node) => this.visit(node).type);
    const [first] = types;
    if (first === undefined || first.kind === "nil" || types.some((type) => type.kind !== first.kind)) return { type: ARRAY };
    return { type: ARRAY, element: types.at(-1)! };
  }
}

/** Go's regular expression, or its complaint. */
export function compileRegExp(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new ExprError(`error parsing regexp: ${(error as Error).message.replace(/^error parsing regexp: /, "")}`);
  }
}

/** Whole-number literals as floats; what is not a literal stays whole, and fails when it is called with. */
function asFloats(node: Node): Node {
  switch (node.is) {
    case "integer":
      return { is: "float", value: Number(node.value), type: FLOAT };
    case "unary":
      return { ...node, node: asFloats(node.node) };
    case "binary":
      return ["+", "-", "*"].includes(node.operator) ? { ...node, left: asFloats(node.left), right: asFloats(node.right) } : node;
    default:
      return node;
  }
}
