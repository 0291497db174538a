import { gvkOf, type KubeObject, type KubeStatus, type ManagedFieldsEntry } from "@trireme/api";
import { compareDeclared } from "../diff/declared.ts";
import { elementsOf } from "../diff/places.ts";
import type { SchemaNode } from "../merge.ts";
import { conflictMessage } from "../merge/conflicts.ts";
import { pathText } from "../merge/path-element.ts";
import { resetFieldsOf } from "../merge/reset-fields.ts";
import { serverSideApply } from "../merge/server-side-apply.ts";
import { trackUpdate } from "../merge/track-update.ts";
import { isBuiltIn, typeOf } from "../merge/types.ts";
import { equalValues, goJson } from "../merge/values.ts";

/** One write to an API server and what it answered: what our merge is held to. */
export interface RecordedWrite {
  kind: string;
  /** How it was written: an apply, or anything else. */
  verb: "apply" | "write";
  subresource?: "status";
  manager: string;
  force?: boolean;
  /** The body of an apply; of another write only its managedFields count, which the server takes over. */
  sent: Record<string, any>;
  before: KubeObject | undefined;
  status: number;
  after: KubeObject | KubeStatus;
}

/** A time that no server has. */
const NOW = "9999-01-01T00:00:00Z";

/** Allocated after managedFields are written, so that nobody owns them. */
const ALLOCATED: Readonly<Record<string, readonly string[]>> = { Service: ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] };

/** Fields that the server rewrites for reasons of its own after the merge. */
const REWRITTEN = /\.(externalTrafficPolicy|serviceAccount)$/;

/** What our merge does otherwise than the server did; `undefined` where both agree. Refusals by validation are not judged. */
export function disagreement(write: RecordedWrite, schema: SchemaNode, hasStatus: boolean): string | undefined {
  if (write.status >= 400 && write.status !== 409) return undefined;
  const object = (write.before ?? write.after) as KubeObject;
  const custom = !isBuiltIn(schema.schema);
  const context = {
    schema,
    manager: write.manager,
    now: NOW,
    resetFields: resetFieldsOf({ ...gvkOf(object), custom, hasStatus }, write.subresource),
    ...(write.subresource && { subresource: write.subresource }),
  };
  if (write.verb === "write") return write.status === 409 ? undefined : owners(trackUpdate({ ...context, live: write.before, updated: stored(write) }), write.after as KubeObject);

  const result = serverSideApply({ ...context, live: write.before, config: write.sent as KubeObject, ...(write.force && { force: true }) });
  if (write.status === 409) return sameLines(conflictMessage(result.conflicts), (write.after as KubeStatus).message ?? "");
  if (result.conflicts.length > 0) return `conflict that the server does not see: ${conflictMessage(result.conflicts)}`;
  const after = write.after as KubeObject;
  const wrote = write.before?.metadata.resourceVersion !== after.metadata.resourceVersion;
  if (!result.changed && wrote) return "changed is false, and the server wrote";
  // Where defaults make the whole difference, the server finds after filling them in that it need not write.
  if (!wrote) return content(result.object, after, schema);
  return owners(result.object, after) ?? content(result.object, after, schema);
}

/** The object as the server had it when it worked out the owners. */
function stored(write: RecordedWrite): KubeObject {
  const object = structuredClone(write.after) as KubeObject;
  const sent: ManagedFieldsEntry[] | undefined = write.sent["metadata"]?.managedFields ?? write.before?.metadata.managedFields;
  if (sent === undefined) delete object.metadata.managedFields;
  else object.metadata.managedFields = sent;
  if (write.before === undefined) for (const field of ALLOCATED[write.kind] ?? []) delete object["spec"][field];
  return object;
}

function owners(ours: KubeObject, theirs: KubeObject): string | undefined {
  const wanted = theirs.metadata.managedFields ?? [];
  const found = ours.metadata.managedFields ?? [];
  for (const entry of found) {
    const match = wanted.find((other) => identity(other) === identity(entry));
    if (match === undefined) return `only ours: ${goJson(entry)}`;
    if (!equalValues(entry.fieldsV1, match.fieldsV1)) return `${identity(entry)}\n  ours   ${goJson(entry.fieldsV1)}\n  server ${goJson(match.fieldsV1)}`;
    if (entry.time !== NOW && entry.time !== match.time) return `${identity(entry)}: time is ${entry.time}, the server's ${match.time}`;
  }
  const missing = wanted.find((entry) => !found.some((other) => identity(other) === identity(entry)));
  return missing === undefined ? undefined : `only the server's: ${goJson(missing)}`;
}

function identity({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  return JSON.stringify([manager, operation, apiVersion, subresource ?? ""]);
}

/** The merged object is the server's, apart from what the server fills in. */
function content(ours: KubeObject, theirs: KubeObject, schema: SchemaNode): string | undefined {
  const { managedFields: _ours, resourceVersion: _version, generation: _generation, ...metadata } = ours.metadata;
  const { differences } = compareDeclared(typeOf(schema), { ...ours, metadata }, theirs, undefined, { builtIn: isBuiltIn(schema.schema), lists: "server" });
  const first = differences.find(({ place }) => !REWRITTEN.test(pathText(elementsOf(place))));
  return first === undefined ? undefined : `${pathText(elementsOf(first.place))} is ${goJson(first.desired)}, the server's ${goJson(first.live)}`;
}

/** Several managers' conflicts come in any order. */
function sameLines(ours: string, theirs: string): string | undefined {
  const sorted = (text: string): string => text.split("\n").sort().join("\n");
  return sorted(ours) === sorted(theirs) ? undefined : `conflict message\n  ours   ${ours}\n  server ${theirs}`;
}
