import { Optional, type ASTNode, type Environment } from "@marcbachmann/cel-js";
import { isObject } from "../../schema/typed.ts";
import { ruleEnvironment } from "./environment.ts";
import { propertyOf, unescapedName, type Literals } from "./values.ts";

type Schema = Record<string, any>;

export interface Rule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

export interface CompiledRule {
  rule: Rule;
  usesOldSelf: boolean;
  /** Why the rule, or the expression of its message, cannot be evaluated: the server's sentence where it is known. */
  error?: string;
  messageError?: string;
  holds(self: unknown, oldSelf: unknown): boolean;
  /** `undefined` where there is no expression, or none that gives a message. */
  message(self: unknown, oldSelf: unknown): string | undefined;
}

const compiled = new WeakMap<Schema, CompiledRule[]>();

/** The rules at one place of a schema, ready to be asked. */
export function rulesOf(schema: Schema, root: boolean): readonly CompiledRule[] {
  let rules = compiled.get(schema);
  if (!rules) {
    rules = ((schema["x-kubernetes-validations"] ?? []) as Rule[]).map((rule) => compile(rule, schema, root));
    compiled.set(schema, rules);
  }
  return rules;
}

let literals: Literals | undefined;

/** Times and durations as the evaluator wants them. A text that is none stays one: the schema's check names it. */
export function celLiterals(): Literals {
  if (!literals) {
    const environment = ruleEnvironment().registerVariable("text", "string");
    const reader = (kind: "timestamp" | "duration"): ((text: string) => unknown) => {
      const read = environment.parse(`${kind}(text)`);
      return (text) => {
        try {
          return read({ text });
        } catch {
          return text;
        }
      };
    };
    literals = { timestamp: reader("timestamp"), duration: reader("duration") };
  }
  return literals;
}

/** The evaluator's optional that a rule with `optionalOldSelf` gets. */
export function optional(value: unknown): unknown {
  return value === undefined ? Optional.none() : Optional.of(value);
}

function compile(rule: Rule, schema: Schema, root: boolean): CompiledRule {
  const type = typeOf(schema);
  const environment = ruleEnvironment().registerVariable("self", type).registerVariable("oldSelf", rule.optionalOldSelf ? "optional" : type);
  const condition = expression(rule.rule, "bool", environment, schema, root);
  const text = rule.messageExpression === undefined ? undefined : expression(rule.messageExpression, "string", environment, schema, root);
  return {
    rule,
    usesOldSelf: condition.ast !== undefined && uses(condition.ast, "oldSelf"),
    ...(condition.error !== undefined && { error: condition.error }),
    ...(text?.error !== undefined && { messageError: `messageExpression ${text.error}` }),
    holds: (self, oldSelf) => condition.run!({ self, oldSelf }) === true,
    message(self, oldSelf) {
      if (!text?.run) return undefined;
      try {
        const message: unknown = text.run({ self, oldSelf });
        return typeof message === "string" && message.trim() !== "" && !message.includes("\n") ? message.trim() : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

interface Expression {
  ast?: ASTNode;
  error?: string;
  run?: (context: Record<string, unknown>) => unknown;
}

function expression(source: string, wanted: "bool" | "string", environment: Environment, schema: Schema, root: boolean): Expression {
  let parsed: ReturnType<Environment["parse"]>;
  try {
    parsed = environment.parse(source);
  } catch (error) {
    return { error: `compilation failed: ${(error as Error).message.split("\n")[0]}` };
  }
  const ast = parsed.ast as ASTNode;
  const missing = undefinedField(ast, schema, root);
  if (missing) return { ast, error: `compilation failed: ${marked(source, missing.at, `undefined field '${missing.name}'`)}` };
  const { valid, type, error } = parsed.check();
  if (!valid) return { ast, error: `compilation failed: ${uncompilable(error?.message.split("\n")[0])}` };
  if (type !== wanted && type !== "dyn") return { ast, error: wanted === "bool" ? "cel expression must evaluate to a bool" : "must evaluate to a string" };
  return { ast, run: parsed };
}

/** Some functions are Kubernetes' own and not known here: then it is not the rule that is wrong. */
function uncompilable(problem = "the expression has no type"): string {
  return problem.includes("no matching overload") ? `${problem}: either the types do not fit, or the embedded cluster does not know the function, and refuses the rule rather than leave it unchecked` : problem;
}

/** As cel-go shows where something is wrong. */
function marked(source: string, at: number, problem: string): string {
  const before = source.slice(0, at);
  const line = before.split("\n").length;
  const column = at - (before.lastIndexOf("\n") + 1);
  return `ERROR: <input>:${line}:${column + 1}: ${problem}\n | ${source.split("\n")[line - 1]}\n | ${".".repeat(column)}^`;
}

function typeOf(schema: Schema): string {
  if (schema["x-kubernetes-int-or-string"] === true) return "dyn";
  switch (schema["type"]) {
    case "integer":
      return "int";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "string":
      return schema["format"] ? "dyn" : "string";
    case "array":
      return "list";
    default:
      return "map";
  }
}

/** The first access to a field that the schema does not name, and so no object has. */
function undefinedField(node: unknown, schema: Schema, root: boolean): { name: string; at: number } | undefined {
  let found: { name: string; at: number } | undefined;
  walk(node, (one) => {
    if (found || (one.op !== "." && one.op !== ".?")) return;
    const [receiver, name] = one.args as [ASTNode, string];
    const place = placeOf(receiver, schema, root);
    if (place && !knows(place.schema, unescapedName(name), place.root)) found = { name, at: one.pos - 1 };
  });
  return found;
}

/** The schema of `self.a.b`; `undefined` for anything that is no plain path. */
function placeOf(node: ASTNode, schema: Schema, root: boolean): { schema: Schema; root: boolean } | undefined {
  if (node.op === "id") return node.args === "self" || node.args === "oldSelf" ? { schema, root } : undefined;
  if (node.op !== ".") return undefined;
  const [receiver, name] = node.args as [ASTNode, string];
  const place = placeOf(receiver, schema, root);
  if (!place) return undefined;
  const inner = propertyOf(place.schema, unescapedName(name), place.root) ?? (isObject(place.schema["additionalProperties"]) ? place.schema["additionalProperties"] : undefined);
  return inner && { schema: inner, root: inner["x-kubernetes-embedded-resource"] === true };
}

function knows(schema: Schema, name: string, root: boolean): boolean {
  if (schema["type"] !== "object" || schema["additionalProperties"]) return true;
  return propertyOf(schema, name, root) !== undefined;
}

function uses(node: unknown, name: string): boolean {
  let found = false;
  walk(node, (one) => (found ||= one.op === "id" && one.args === name));
  return found;
}

function walk(node: unknown, visit: (node: ASTNode) => void): void {
  if (Array.isArray(node)) for (const item of node) walk(item, visit);
  else if (isObject(node) && "op" in node) {
    visit(node as unknown as ASTNode);
    walk(node["args"], visit);
  }
}
