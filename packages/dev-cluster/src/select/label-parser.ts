import { labelKeyProblem, labelValueProblem } from "../rest/names.ts";
import { badRequest } from "../server/status-error.ts";

export interface Requirement {
  key: string;
  operator: "in" | "notin" | "=" | "==" | "!=" | ">" | "<" | "exists" | "!";
  values: readonly string[];
}

const BINARY = "in, notin, =, ==, !=, gt, lt";
const SYMBOLS = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];

/** Reads a label selector token by token, as the server does, and fails with the server's sentences (400). */
export function parseLabelSelector(text: string): Requirement[] {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): string => tokens[at] ?? "";
  const take = (): string => tokens[at++] ?? "";
  const isName = (token: string): boolean => token !== "" && !SYMBOLS.includes(token);
  const fail = (why: string): never => {
    throw badRequest(why);
  };
  const unparsable = (why: string): never => fail(`unable to parse requirement: ${why}`);

  const list = (): string[] => {
    const open = take();
    if (open !== "(") unparsable(`found '${open}' expected: '('`);
    if (peek() === ")") {
      take();
      return [""];
    }
    const values: string[] = [];
    for (;;) {
      const token = take();
      if (isName(token)) {
        values.push(token);
        const next = peek();
        if (next === ",") {
          take();
          if (peek() === ")" || peek() === ",") values.push("");
        } else if (next !== ")") unparsable(`found '${next}', expected: ',' or ')'`);
      } else if (token === ",") {
        if (values.length === 0) values.push("");
        if (peek() === ")") values.push("");
      } else unparsable(`found '${token}', expected: ',', or identifier`);
      if (peek() === ")") break;
    }
    take();
    return [...new Set(values)].sort();
  };

  const requirement = (): Requirement => {
    const absent = peek() === "!";
    if (absent) take();
    const key = take();
    if (!isName(key)) unparsable(`found '${key}', expected: identifier`);
    const problem = labelKeyProblem(key);
    if (problem) unparsable(`<nil>: Invalid value: ${JSON.stringify(key)}: ${problem}`);
    if (absent) return { key, operator: "!", values: [] };
    if (peek() === "" || peek() === ",") return { key, operator: "exists", values: [] };
    const operator = take();
    if (!["in", "notin", "=", "==", "!=", ">", "<"].includes(operator)) unparsable(`found '${operator}', expected: ${BINARY}`);
    let values: string[];
    if (operator === "in" || operator === "notin") values = list();
    else if (peek() === "" || peek() === ",") values = [""];
    else {
      const value = take();
      if (!isName(value)) unparsable(`found '${value}', expected: identifier`);
      values = [value];
    }
    if ((operator === ">" || operator === "<") && !/^[+-]?\d+$/.test(values[0]!)) unparsable(`values[0]: Invalid value: ${JSON.stringify(values[0])}: for 'Gt', 'Lt' operators, the value must be an integer`);
    for (const [index, value] of values.entries()) {
      const wrong = labelValueProblem(value);
      if (wrong) unparsable(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${wrong}`);
    }
    return { key, operator: operator as Requirement["operator"], values };
  };

  const found: Requirement[] = [];
  for (;;) {
    const next = peek();
    if (next === "") return found;
    if (!isName(next) && next !== "!") fail(`found '${next}', expected: !, identifier, or 'end of string'`);
    found.push(requirement());
    const after = take();
    if (after === "") return found;
    if (after !== ",") fail(`found '${after}', expected: ',' or 'end of string'`);
    if (!isName(peek()) && peek() !== "!") fail(`found '${peek()}', expected: identifier after ','`);
  }
}

function tokensOf(text: string): string[] {
  return text.match(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g) ?? [];
}
