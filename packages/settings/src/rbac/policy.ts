import { RE2JS } from "re2js";
import { SettingsError } from "../errors.ts";
import { compileGlob, type Matcher } from "../glob.ts";
import { parseCsvLine } from "../go-strings.ts";

export type MatchMode = "glob" | "regex";

/** A `p` line, its three patterns compiled. */
export interface Rule {
  resource: Matcher;
  action: Matcher;
  object: Matcher;
  deny: boolean;
}

/** A parsed policy: rules by subject, memberships by member. */
export interface Policy {
  rules: Map<string, Rule[]>;
  members: Map<string, string[]>;
}

const never: Matcher = () => false;

/**
 * Reads policy CSV (`p, subject, resource, action, object, effect` and `g, member, role`) into `into`
 * or a fresh policy. One line that is none makes the whole text unusable: a policy that is half
 * loaded could allow what the other half denies. Throws SettingsError `InvalidPolicy` naming the line.
 */
export function parsePolicy(csv: string, mode: MatchMode, into?: Policy): Policy {
  const policy = into ?? { rules: new Map(), members: new Map() };
  csv.split("\n").forEach((raw, index) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return;
    const fields = parseCsvLine(line);
    if (fields === undefined) throw invalid(line, index);
    if (fields[0] === "p" && fields.length === 6) addRule(policy, fields, mode, index);
    else if (fields[0] === "g" && fields.length === 3) append(policy.members, fields[1]!, fields[2]!);
    else throw invalid(line, index);
  });
  return policy;
}

/** A copy whose tables can grow without touching the original's. */
export function extendPolicy(base: Policy): Policy {
  const copy = <T>(map: Map<string, T[]>): Map<string, T[]> => new Map([...map].map(([key, list]) => [key, [...list]]));
  return { rules: copy(base.rules), members: copy(base.members) };
}

function addRule(policy: Policy, fields: string[], mode: MatchMode, line: number): void {
  const [, subject, resource, action, object, effect] = fields as [string, string, string, string, string, string];
  // Any other effect neither allows nor denies.
  if (effect !== "allow" && effect !== "deny") return;
  const compile = (pattern: string) => compileMatcher(pattern, mode, line);
  append(policy.rules, subject, { resource: compile(resource), action: compile(action), object: compile(object), deny: effect === "deny" });
}

function compileMatcher(pattern: string, mode: MatchMode, line: number): Matcher {
  if (mode === "glob") return compileGlob(pattern) ?? never;
  try {
    const program = RE2JS.compile(pattern);
    return (text) => program.matcher(text).find();
  } catch (cause) {
    throw new SettingsError(`policy line ${line + 1}: ${JSON.stringify(pattern)} is not a regular expression (policy.matchMode is regex)`, { reason: "InvalidPolicy", cause });
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function invalid(line: string, index: number): SettingsError {
  return new SettingsError(`invalid RBAC policy, line ${index + 1}: ${line}`, { reason: "InvalidPolicy", details: { line: index + 1 } });
}
