const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const DNS_1035_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const PATH_SEGMENT = /^[^/%]+$/;

const SUBDOMAIN_RULE = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_RULE = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const DNS_1035_RULE = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";

export interface NameProblem {
  /** Dotted field: `metadata.name`, `metadata.labels`. */
  field: string;
  message: string;
}

/** Kinds whose names are one segment of a DNS name, or any path segment; all others are DNS subdomains. */
const LABEL_KINDS = new Set(["/Namespace", "/ReplicationController"]);
const PATH_KINDS = new Set(["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole", "rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"]);

/** What is wrong with the name, namespace, labels and annotations of an object, in the API server's terms. */
export function nameProblems(object: { apiVersion?: unknown; kind?: unknown; metadata?: Record<string, any> | null }): NameProblem[] {
  const metadata = object.metadata ?? {};
  const group = String(object.apiVersion ?? "").includes("/") ? String(object.apiVersion).split("/")[0]! : "";
  const problems: NameProblem[] = [];
  const add = (field: string, message: string | undefined): void => {
    if (message !== undefined) problems.push({ field, message });
  };
  const { name, generateName, namespace } = metadata;
  if (typeof name === "string" && name !== "") add("metadata.name", objectNameProblem(`${group}/${String(object.kind ?? "")}`, name));
  else if (typeof generateName !== "string" || generateName === "") add("metadata.name", "name or generateName is required");
  if (typeof namespace === "string" && namespace !== "") add("metadata.namespace", dnsLabelProblem(namespace));
  for (const [key, value] of entriesOf(metadata["labels"])) {
    add("metadata.labels", qualifiedNameProblem(key));
    if (typeof value === "string") add(`metadata.labels.${key}`, labelValueProblem(value));
  }
  for (const [key] of entriesOf(metadata["annotations"])) add("metadata.annotations", qualifiedNameProblem(key.toLowerCase()));
  return problems;
}

function objectNameProblem(kind: string, name: string): string | undefined {
  if (PATH_KINDS.has(kind)) return PATH_SEGMENT.test(name) && name !== "." && name !== ".." ? undefined : `Invalid value: ${JSON.stringify(name)}: may not be '.' or '..' and may not contain '/' or '%'`;
  return LABEL_KINDS.has(kind) || kind === "/Service" ? dnsLabelProblem(name) : dnsSubdomainProblem(name);
}

/** A name of up to 63 characters, as namespaces have. */
export function dnsLabelProblem(text: string): string | undefined {
  if (text.length > 63) return invalid(text, "must be no more than 63 characters");
  return DNS_LABEL.test(text) ? undefined : invalid(text, LABEL_RULE);
}

/** A name of up to 253 characters with dots, as most objects have. */
export function dnsSubdomainProblem(text: string): string | undefined {
  if (text.length > 253) return invalid(text, "must be no more than 253 characters");
  return DNS_SUBDOMAIN.test(text) ? undefined : invalid(text, SUBDOMAIN_RULE);
}

export function dns1035Problem(text: string): string | undefined {
  if (text.length > 63) return invalid(text, "must be no more than 63 characters");
  return DNS_1035_LABEL.test(text) ? undefined : invalid(text, DNS_1035_RULE);
}

/** Keys of labels and annotations: `name` or `prefix/name`. */
export function qualifiedNameProblem(key: string): string | undefined {
  const parts = key.split("/");
  const name = parts.at(-1)!;
  if (parts.length > 2) return invalid(key, "a qualified name must consist of alphanumeric characters, '-', '_' or '.', with an optional DNS subdomain prefix and '/'");
  if (parts.length === 2 && dnsSubdomainProblem(parts[0]!) !== undefined) return invalid(key, `prefix part ${SUBDOMAIN_RULE}`);
  if (name === "") return invalid(key, "name part must be non-empty");
  if (name.length > 63) return invalid(key, "name part must be no more than 63 characters");
  return QUALIFIED_NAME.test(name) ? undefined : invalid(key, "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character");
}

export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return invalid(value, "must be no more than 63 characters");
  return LABEL_VALUE.test(value) ? undefined : invalid(value, "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character");
}

function invalid(value: string, rule: string): string {
  return `Invalid value: ${JSON.stringify(value)}: ${rule}`;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
