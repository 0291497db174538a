const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const SUBDOMAIN_TEXT = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_TEXT = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_1035_TEXT = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED_TEXT = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE_TEXT = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && LABEL.test(text);
}

/** What is wrong with a name that must be a DNS-1123 subdomain; a generateName prefix may end in a dash. */
export function subdomainProblems(name: string, prefix = false): string[] {
  const checked = prefix ? maskTrailingDash(name) : name;
  return [...(checked.length > 253 ? ["must be no more than 253 characters"] : []), ...(SUBDOMAIN.test(checked) ? [] : [SUBDOMAIN_TEXT])];
}

export function labelProblems(name: string, prefix = false): string[] {
  const checked = prefix ? maskTrailingDash(name) : name;
  return [...(checked.length > 63 ? ["must be no more than 63 characters"] : []), ...(LABEL.test(checked) ? [] : [SUBDOMAIN.test(checked) ? "must not contain dots" : LABEL_TEXT])];
}

export function label1035Problems(name: string, prefix = false): string[] {
  const checked = prefix ? maskTrailingDash(name) : name;
  return [...(checked.length > 63 ? ["must be no more than 63 characters"] : []), ...(LABEL_1035.test(checked) ? [] : [LABEL_1035_TEXT])];
}

/** Names that only have to be one path segment (RBAC). */
export function pathSegmentProblems(name: string): string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return [...(name.includes("/") ? ["may not contain '/'"] : []), ...(name.includes("%") ? ["may not contain '%'"] : [])];
}

/** `prefix/name` as label and annotation keys are; `undefined` where it is right. */
export function qualifiedNameProblem(key: string): string | undefined {
  const parts = key.split("/");
  if (parts.length > 2) return `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  const name = parts.at(-1)!;
  if (parts.length === 2) {
    if (parts[0] === "") return "prefix part must be non-empty";
    const [problem] = subdomainProblems(parts[0]!);
    if (problem) return `prefix part ${problem}`;
  }
  if (name === "") return "name part must be non-empty";
  if (name.length > 63) return "name part must be no more than 63 bytes";
  return QUALIFIED.test(name) ? undefined : QUALIFIED_TEXT;
}

/** A label's key is a qualified name; the server names it a label key where it says what one looks like. */
export function labelKeyProblem(key: string): string | undefined {
  return qualifiedNameProblem(key)?.replace(/^a qualified name must/, "a valid label key must");
}

export function isQualifiedName(key: string): boolean {
  return qualifiedNameProblem(key) === undefined;
}

export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return "must be no more than 63 bytes";
  return LABEL_VALUE.test(value) ? undefined : LABEL_VALUE_TEXT;
}

function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith("-") ? `${name.slice(0, -1)}a` : name;
}
