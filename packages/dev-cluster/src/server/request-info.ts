/** What a request is about, read from its method and path as kube-apiserver's RequestInfo resolver does. */
export interface RequestInfo {
  isResource: boolean;
  path: string;
  /** Kubernetes' verb: get, list, watch, create, update, patch, delete, deletecollection; for other paths the method in lower case. */
  verb: string;
  group: string;
  version: string;
  namespace: string;
  resource: string;
  subresource: string;
  name: string;
  query: URLSearchParams;
}

const VERBS: Record<string, string> = { GET: "get", HEAD: "get", POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };
/** Subresources of a namespace itself, not resources in it. */
const NAMESPACE_SUBRESOURCES = new Set(["status", "finalize"]);

export function requestInfo(method: string, url: string): RequestInfo {
  const at = url.indexOf("?");
  const path = at < 0 ? url : url.slice(0, at);
  const query = new URLSearchParams(at < 0 ? "" : url.slice(at + 1));
  const info: RequestInfo = { isResource: false, path, verb: method.toLowerCase(), group: "", version: "", namespace: "", resource: "", subresource: "", name: "", query };

  let parts = decoded(path).split("/").filter((part) => part !== "");
  if (parts[0] === "api" && parts.length >= 3) {
    info.version = parts[1]!;
    parts = parts.slice(2);
  } else if (parts[0] === "apis" && parts.length >= 4) {
    info.group = parts[1]!;
    info.version = parts[2]!;
    parts = parts.slice(3);
  } else return info;

  info.isResource = true;
  info.verb = VERBS[method] ?? "";
  let watchPath = false;
  if (parts[0] === "watch" && parts.length > 1) {
    watchPath = true;
    parts = parts.slice(1);
  }

  if (parts[0] === "namespaces" && parts.length > 1) {
    info.namespace = parts[1]!;
    if (parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2]!)) parts = parts.slice(2);
  }
  [info.resource = "", info.name = "", info.subresource = ""] = [parts[0], parts[1], parts.slice(2).join("/")];

  if (watchPath) info.verb = "watch";
  else if (info.name === "" && info.verb === "get") {
    info.verb = isTrue(query.get("watch")) ? "watch" : "list";
    const name = /(?:^|,)metadata\.name=([^,]+)(?:,|$)/.exec(query.get("fieldSelector") ?? "")?.[1];
    if (name) info.name = name;
  } else if (info.name === "" && info.verb === "delete") info.verb = "deletecollection";
  else if (info.verb === "get" && info.subresource === "" && isTrue(query.get("watch"))) info.verb = "get";
  return info;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Go's reading of a boolean query parameter: present and not "0" or "false". */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}
