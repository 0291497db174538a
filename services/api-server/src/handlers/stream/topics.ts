import type { Application } from "@trireme/api/argo";
import { invalid } from "../../errors.ts";
import type { Call } from "../rpc.ts";
import { rbacName } from "../application/access.ts";

/** What one part of the page follows. `text` is how it was asked for. */
export type Topic = { kind: "applications"; text: string } | ({ text: string } & NamedTopic);

export interface NamedTopic {
  kind: "application" | "tree";
  namespace: string;
  name: string;
}

const MOST = 256;

/** Reads topics, each once. @throws AppError InvalidArgument naming the topic. */
export function topicsOf(wanted: readonly string[], controlPlaneNamespace: string): Topic[] {
  if (wanted.length === 0) throw invalid("topic is missing: applications, application:NAMESPACE/NAME or tree:NAMESPACE/NAME");
  if (wanted.length > MOST) throw invalid(`${wanted.length} topics are more than the ${MOST} that one stream carries`);
  return [...new Set(wanted)].map((text) => topicOf(text, controlPlaneNamespace));
}

function topicOf(text: string, controlPlaneNamespace: string): Topic {
  if (text === "applications") return { kind: "applications", text };
  const [, kind, namespace, name] = /^(application|tree):([^/]*)\/([^/]+)$/.exec(text) ?? [];
  if (name === undefined) throw invalid(`topic ${JSON.stringify(text)} is none of applications, application:NAMESPACE/NAME and tree:NAMESPACE/NAME`);
  return { kind: kind as NamedTopic["kind"], namespace: namespace || controlPlaneNamespace, name, text };
}

/** Asked for each event, so that a policy that changes takes effect at once. */
export function mayGet(app: Application, { caller, ctx }: Call): boolean {
  return caller.allows("applications", "get", rbacName(app, ctx.namespace));
}

