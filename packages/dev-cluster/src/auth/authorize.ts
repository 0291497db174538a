import type { RequestInfo } from "../server/request-info.ts";
import type { User } from "../server/context.ts";

/** One question: may the user do this? */
export interface Attributes {
  user: User;
  verb: string;
  isResource: boolean;
  group?: string;
  version?: string;
  resource?: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  path?: string;
}

export interface Decision {
  allowed: boolean;
  reason: string;
}

export interface Authorizer {
  decide(attributes: Attributes): Decision;
}

export function attributesOf(info: RequestInfo, user: User): Attributes {
  if (!info.isResource) return { user, verb: info.verb, isResource: false, path: info.path };
  return { user, verb: info.verb, isResource: true, group: info.group, version: info.version, resource: info.resource, subresource: info.subresource, namespace: info.namespace, name: info.name };
}

/** The sentence of a 403, without its reason. */
export function deniedText({ user, verb, isResource, group = "", resource = "", subresource = "", namespace = "", path = "" }: Attributes): string {
  const who = `User ${JSON.stringify(user.name)}`;
  if (!isResource) return `${who} cannot ${verb} path ${JSON.stringify(path)}`;
  const what = `resource ${JSON.stringify(subresource ? `${resource}/${subresource}` : resource)} in API group ${JSON.stringify(group)}`;
  return `${who} cannot ${verb} ${what} ${namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`}`;
}
