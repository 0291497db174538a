import type { IncomingHttpHeaders } from "node:http";
import type { User } from "../server/context.ts";
import { badRequest, forbidden } from "../server/status-error.ts";
import { deniedText, type Attributes, type Authorizer } from "./authorize.ts";

const SERVICE_ACCOUNT = "system:serviceaccount:";
const EXTRA = "impersonate-extra-";

/** The user that the request acts as: the impersonated one where the headers ask for it and the asker may. */
export function impersonated(headers: Readonly<IncomingHttpHeaders> | Readonly<Record<string, string | string[] | undefined>>, user: User, authorizer: Authorizer): User {
  const name = one(headers["impersonate-user"]);
  const groups = many(headers["impersonate-group"]);
  const uid = one(headers["impersonate-uid"]);
  const extra: Record<string, string[]> = {};
  for (const [key, value] of Object.entries(headers)) if (key.startsWith(EXTRA)) extra[decodeURIComponent(key.slice(EXTRA.length))] = many(value);
  if (name === "") {
    if (groups.length > 0 || uid !== "" || Object.keys(extra).length > 0) throw badRequest(`requested ${userText(uid, groups, extra)} without impersonating a user name`);
    return user;
  }

  const may = (attributes: Omit<Attributes, "user" | "verb" | "isResource">): void => {
    const asked: Attributes = { user, verb: "impersonate", isResource: true, ...attributes };
    const decision = authorizer.decide(asked);
    if (!decision.allowed) throw forbidden({ group: attributes.group ?? "", resource: attributes.resource ?? "" }, attributes.name ?? "", `${deniedText(asked)}${decision.reason ? `: ${decision.reason}` : ""}`);
  };

  const account = serviceAccount(name);
  if (account) may({ group: "", resource: "serviceaccounts", ...account });
  else may({ group: "", resource: "users", name });
  for (const group of groups) may({ group: "", resource: "groups", name: group });
  if (uid !== "") may({ group: "authentication.k8s.io", resource: "uids", name: uid });
  for (const [key, values] of Object.entries(extra)) for (const value of values) may({ group: "authentication.k8s.io", resource: "userextras", subresource: key, name: value });

  const all = groups.length > 0 ? [...groups] : account ? ["system:serviceaccounts", `system:serviceaccounts:${account.namespace}`] : [];
  if (name === "system:anonymous") all.push("system:unauthenticated");
  else if (!all.includes("system:authenticated") && !all.includes("system:unauthenticated")) all.push("system:authenticated");
  return { name, groups: all, ...(uid && { uid }), ...(Object.keys(extra).length && { extra }) };
}

/** As Go prints the user that was asked for. */
function userText(uid: string, groups: readonly string[], extra: Record<string, string[]>): string {
  const list = (values: readonly string[]): string => (values.length === 0 ? "[]string(nil)" : `[]string{${values.map((value) => JSON.stringify(value)).join(", ")}}`);
  const keys = Object.keys(extra).sort();
  const extras = keys.length === 0 ? "map[string][]string(nil)" : `map[string][]string{${keys.map((key) => `${JSON.stringify(key)}:${list(extra[key]!)}`).join(", ")}}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${list(groups)}, Extra:${extras}}`;
}

function serviceAccount(name: string): { namespace: string; name: string } | undefined {
  if (!name.startsWith(SERVICE_ACCOUNT)) return undefined;
  const [namespace, account, ...rest] = name.slice(SERVICE_ACCOUNT.length).split(":");
  return namespace && account && rest.length === 0 ? { namespace, name: account } : undefined;
}

function one(value: string | string[] | undefined): string {
  return Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
}

/** Node joins repeated headers with ", ". */
function many(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : value.split(",")).map((part) => part.trim()).filter((part) => part !== "");
}
