import type { AppProject, SyncWindow } from "@trireme/api/argo";
import { isActive } from "@trireme/gitops";
import { AppError, Code } from "@trireme/runtime";
import { compileGlob } from "@trireme/settings";
import { invalid } from "../../errors.ts";

const ROLE_NAME = /^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const RESOURCES = new Set(["applications", "applicationsets", "repositories", "exec", "logs", "clusters"]);
const ACTIONS = /^(get|create|update|delete|sync|override|action|\*)$|^(action|update|delete)\/.+$/;

interface Role {
  name?: string;
  policies?: string[] | null;
  groups?: string[] | null;
}

/** Whether a project says what can be meant. Throws InvalidArgument or AlreadyExists, naming the entry. */
export function validateProject(project: AppProject): void {
  const { spec } = project;
  const name = project.metadata.name ?? "";
  validateDestinations(spec.destinations ?? []);
  requireUnique(spec.sourceNamespaces ?? [], (entry) => invalid(`source namespace '${entry}' already added`));
  if ((spec.sourceRepos ?? []).includes("!*")) throw invalid("source repository has an invalid format, '!*'");
  requireUnique(spec.sourceRepos ?? [], (entry) => invalid(`source repository '${entry}' already added`));
  validateRoles(name, (spec.roles ?? []) as Role[]);
  validateWindows(spec.syncWindows ?? []);
  validateServiceAccounts(spec.destinationServiceAccounts ?? []);
}

/** Policies as they are kept: one space after each comma. */
export function normalizePolicies(project: AppProject): AppProject {
  const roles = project.spec.roles?.map((role) => ({ ...role, ...(role.policies && { policies: role.policies.map((policy) => policy.split(",").map((part, i) => (i === 0 ? part : part.trim())).join(", ")) }) }));
  return roles === undefined || roles === null ? project : { ...project, spec: { ...project.spec, roles } };
}

function validateDestinations(destinations: NonNullable<AppProject["spec"]["destinations"]>): void {
  for (const field of ["name", "server", "namespace"] as const) if (destinations.some((destination) => destination[field] === "!*")) throw invalid(`${field} has an invalid format, '!*'`);
  requireUnique(destinations.map(({ server, name, namespace }) => `${server || name || ""}/${namespace ?? ""}`), (entry) => invalid(`destination '${entry}' already added`));
}

function validateRoles(project: string, roles: readonly Role[]): void {
  requireUnique(roles.map((role) => role.name ?? ""), (name) => exists(`role '${name}' already exists`));
  for (const { name = "", policies, groups } of roles) {
    if (!ROLE_NAME.test(name)) throw invalid(`invalid role name '${name}'. Must consist of alphanumeric characters, '-' or '_', and must start and end with an alphanumeric character`);
    requireUnique(policies ?? [], (policy) => exists(`policy '${policy}' already exists for role '${name}'`));
    for (const policy of policies ?? []) validatePolicy(project, name, policy);
    requireUnique(groups ?? [], (group) => exists(`group '${group}' already exists for role '${name}'`));
    for (const group of groups ?? []) validateGroup(group);
  }
}

/** `p, proj:<project>:<role>, <resource>, <action>, <project>/<object>, allow|deny`. */
function validatePolicy(project: string, role: string, policy: string): void {
  const bad = (why: string) => invalid(`invalid policy rule '${policy}': ${why}`, "InvalidPolicy");
  const parts = policy.split(",").map((part) => part.trim());
  if (parts.length !== 6 || parts[0] !== "p") throw bad("must be of the form: 'p, sub, res, act, obj, eft'");
  const [, subject, resource, action, object, effect] = parts as [string, string, string, string, string, string];
  const expected = `proj:${project}:${role}`;
  if (subject !== expected) throw bad(`policy subject must be: '${expected}', not '${subject}'`);
  if (!RESOURCES.has(resource)) throw bad(`project resource must be: 'applications', 'applicationsets', 'repositories', 'exec', 'logs' or 'clusters', not '${resource}'`);
  if (!ACTIONS.test(action)) throw bad(`invalid action '${action}'`);
  if (!object.startsWith(`${project}/`) || object.length === project.length + 1) throw bad(`object must be of form '${project}/*', '${project}[/<NAMESPACE>]/<APPNAME>' or '${project}/<APPNAME>', not '${object}'`);
  if (effect !== "allow" && effect !== "deny") throw bad("effect must be: 'allow' or 'deny'");
}

function validateGroup(group: string): void {
  const bare = /^"(.*)"$/s.exec(group.trim())?.[1] ?? group.trim();
  if (bare === "") throw invalid("group name cannot be empty");
  if (/["\n\r\t]/.test(bare)) throw invalid(`invalid group name '${group}'`);
}

function validateWindows(windows: readonly SyncWindow[]): void {
  const identity = ({ kind, schedule, duration, applications, namespaces, clusters, timeZone, andOperator }: SyncWindow) => JSON.stringify([kind, schedule, duration, applications, namespaces, clusters, timeZone, andOperator]);
  requireUnique(windows.map(identity), (key) => {
    const [kind, schedule, duration] = JSON.parse(key) as string[];
    return exists(`sync window with kind '${kind}', schedule '${schedule}', and duration '${duration}' already exists`);
  });
  for (const window of windows) {
    const { kind, schedule, duration, applications, namespaces, clusters, description } = window;
    if (kind !== "allow" && kind !== "deny") throw invalid(`kind '${kind ?? ""}' mismatch: can only be allow or deny`);
    try {
      isActive(window, 0);
    } catch (cause) {
      throw invalid(`sync window ${kind} '${schedule ?? ""}' '${duration ?? ""}': ${(cause as Error).message}`);
    }
    if ((description?.length ?? 0) > 255) throw invalid("description must not exceed 255 characters");
    if (!applications?.length && !namespaces?.length && !clusters?.length) throw new AppError(`window '${kind}':'${schedule}':'${duration}' requires one of application, cluster or namespace`, { reason: "InvalidProject", code: Code.OutOfRange, retry: "never" });
  }
}

function validateServiceAccounts(accounts: NonNullable<AppProject["spec"]["destinationServiceAccounts"]>): void {
  for (const { server, namespace = "", defaultServiceAccount } of accounts) {
    if (server.includes("!") || compileGlob(server) === undefined) throw invalid(`server has an invalid format, '${server}'`);
    if (namespace.includes("!") || compileGlob(namespace) === undefined) throw invalid(`namespace has an invalid format, '${namespace}'`);
    if (defaultServiceAccount.trim() === "" || /[!*[\]{}\\/]/.test(defaultServiceAccount)) throw invalid(`defaultServiceAccount has an invalid format, '${defaultServiceAccount}'`);
  }
  requireUnique(accounts.map(({ server, namespace = "" }) => `${server}/${namespace}`), (key) => invalid(`destinationServiceAccount '${key}' already added`));
}

function requireUnique(values: readonly string[], error: (value: string) => AppError): void {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) throw error(value);
    seen.add(value);
  }
}

function exists(message: string): AppError {
  return new AppError(message, { reason: "AlreadyExists", code: Code.AlreadyExists, retry: "never" });
}
