import type { KubeObject } from "@trireme/api";

/** Something that a person may have done to a live object with one click. */
export interface ResourceAction {
  name: string;
  iconClass?: string;
  displayName?: string | ((object: any) => string);
  params?: { name: string; type?: string; default?: string }[];
  /** Absent: always shown. */
  offered?: (object: any) => boolean;
  /** Absent: always possible. What is disabled is shown so, and done all the same when somebody asks for it, as Argo CD does. */
  disabled?: (object: any) => boolean;
  run(object: any, input: { now: number; parameters: Record<string, string> }): ActionResult;
}

/** The object as it should be, or objects to create. */
export type ActionResult = { patch: KubeObject } | { create: KubeObject[] };

/** An action as a list shows it. */
export function shownAction({ name, iconClass, displayName, params, disabled }: ResourceAction, object: KubeObject): object {
  const title = typeof displayName === "function" ? displayName(object) : displayName;
  return { name, ...(iconClass !== undefined && { iconClass }), ...(title !== undefined && { displayName: title }), ...(params && { params }), ...(disabled?.(object) === true && { disabled: true }) };
}

/** The object with some of its spec changed; `undefined` takes a field out. */
export function withSpec(object: any, changes: Record<string, unknown>): ActionResult {
  return { patch: { ...object, spec: changed(object.spec, changes) } };
}

/** The object with some of its status changed. */
export function withStatus(object: any, changes: Record<string, unknown>): ActionResult {
  return { patch: { ...object, status: changed(object.status, changes) } };
}

function changed(before: Record<string, unknown> | undefined, changes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined));
}
