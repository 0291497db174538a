import type { Json } from "@trireme/api";
import { TemplateError } from "./error.ts";
import { FUNCTIONS, isTrue, printed, type Value } from "./functions.ts";
import { parseTemplate, type Node, type Operand, type Pipe } from "./parse.ts";

/** Steps and characters of one execution. */
const STEPS = 100_000;
const CHARACTERS = 64 * 1024;

/**
 * A template of Go's text/template filled in, with the functions of sprig that need neither clock, chance nor the machine.
 * What is absent prints as `<no value>`, as in Go. Throws TemplateError.
 */
export function fillTemplate(text: string, values: Readonly<Record<string, Json>>): string {
  return new Execution(values).run(parseTemplate(text));
}

class Break {}
class Continue {}

class Execution {
  readonly #variables: [name: string, value: Value][];
  #output = "";
  #steps = STEPS;

  constructor(values: Readonly<Record<string, Json>>) {
    this.#variables = [["$", values as Json]];
  }

  run(nodes: readonly Node[]): string {
    this.#nodes(nodes, this.#variables[0]![1]);
    return this.#output;
  }

  #nodes(nodes: readonly Node[], dot: Value): void {
    const known = this.#variables.length;
    for (const node of nodes) this.#node(node, dot);
    this.#variables.length = known;
  }

  #node(node: Node, dot: Value): void {
    this.#step();
    switch (node.is) {
      case "text":
        return this.#write(node.text);
      case "print": {
        const value = this.#pipe(node.pipe, dot);
        return node.pipe.variables.length > 0 ? undefined : this.#write(value === undefined || value === null ? "<no value>" : printed(value));
      }
      case "break":
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- ends the loop around it, no failure
        throw new Break();
      case "continue":
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- ends the round of the loop around it, no failure
        throw new Continue();
      case "range":
        return this.#scoped(() => this.#range(node, dot));
      case "if":
      case "with":
        return this.#scoped(() => {
          const value = this.#pipe(node.pipe, dot);
          this.#nodes(isTrue(value) ? node.body : node.otherwise, isTrue(value) && node.is === "with" ? value : dot);
        });
    }
  }

  #range({ pipe, body, otherwise }: Extract<Node, { is: "range" }>, dot: Value): void {
    const { variables } = pipe;
    const value = this.#pipe({ ...pipe, variables: [] }, dot);
    const entries = entriesOf(value);
    if (entries.length === 0) return this.#nodes(otherwise, dot);
    const known = this.#variables.length;
    try {
      for (const [key, item] of entries) {
        this.#step();
        this.#variables.length = known;
        if (variables.length === 1) this.#variables.push([variables[0]!, item]);
        if (variables.length === 2) this.#variables.push([variables[0]!, key], [variables[1]!, item]);
        try {
          this.#nodes(body, item);
        } catch (thrown) {
          if (!(thrown instanceof Continue)) throw thrown;
        }
      }
    } catch (thrown) {
      if (!(thrown instanceof Break)) throw thrown;
    }
  }

  #scoped(work: () => void): void {
    const known = this.#variables.length;
    work();
    this.#variables.length = known;
  }

  #pipe({ variables, assigns, commands }: Pipe, dot: Value): Value {
    let value: Value;
    commands.forEach((command, index) => (value = this.#command(command, dot, index === 0 ? [] : [value])));
    for (const name of variables) {
      const known = this.#variables.findLast(([one]) => one === name);
      if (!assigns) this.#variables.push([name, value]);
      else if (known === undefined) throw new TemplateError(`undefined variable ${JSON.stringify(name)}`);
      else known[1] = value;
    }
    return value;
  }

  #command([first, ...rest]: readonly Operand[], dot: Value, piped: readonly Value[]): Value {
    this.#step();
    if (first!.is !== "function") {
      if (rest.length > 0 || piped.length > 0) throw new TemplateError("can't give argument to what is no function");
      return this.#operand(first!, dot);
    }
    const { name } = first!;
    // Only as far as needed: the first that decides is the answer.
    if (name === "and" || name === "or") {
      const asked: (() => Value)[] = [...rest.map((operand) => () => this.#operand(operand, dot)), ...piped.map((value) => () => value)];
      let value: Value;
      for (const ask of asked) if (isTrue((value = ask())) === (name === "or")) break;
      return value;
    }
    return this.#call(name, [...rest.map((operand) => this.#operand(operand, dot)), ...piped]);
  }

  #call(name: string, args: readonly Value[]): Value {
    const fn = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (fn === undefined) throw new TemplateError(`function ${JSON.stringify(name)} not defined`);
    try {
      const value = fn(...args);
      if (typeof value === "string" && value.length > CHARACTERS) throw new TemplateError("too long");
      return value;
    } catch (thrown) {
      throw new TemplateError(`error calling ${name}: ${(thrown as Error).message}`);
    }
  }

  #operand(operand: Operand, dot: Value): Value {
    switch (operand.is) {
      case "literal":
        return operand.value;
      case "field":
        return field(dot, operand.path);
      case "variable": {
        const known = this.#variables.findLast(([name]) => name === operand.name);
        if (known === undefined) throw new TemplateError(`undefined variable ${JSON.stringify(operand.name)}`);
        return field(known[1], operand.path);
      }
      case "pipe":
        return field(this.#pipe(operand.pipe, dot), operand.path);
      case "function":
        return this.#call(operand.name, []);
    }
  }

  #write(text: string): void {
    this.#output += text;
    if (this.#output.length > CHARACTERS) throw new TemplateError(`result is longer than ${CHARACTERS} characters`);
  }

  #step(): void {
    if ((this.#steps -= 1) < 0) throw new TemplateError("template takes too long");
  }
}

/** A map lacks what it likes; of nothing, and of what is no map, there are no fields. */
function field(value: Value, path: readonly string[]): Value {
  return path.reduce<Value>((at, key) => {
    if (at === undefined || at === null) throw new TemplateError(`nil pointer evaluating interface {}.${key}`);
    if (typeof at !== "object" || Array.isArray(at)) throw new TemplateError(`can't evaluate field ${key} in type ${Array.isArray(at) ? "[]interface {}" : typeof at}`);
    return Object.hasOwn(at, key) ? at[key] : undefined;
  }, value);
}

function entriesOf(value: Value): [Value, Value][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (typeof value === "object") return Object.keys(value).sort().map((key) => [key, value[key]]);
  throw new TemplateError(`range can't iterate over ${printed(value)}`);
}
