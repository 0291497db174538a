import type { KubeStatus } from "@trireme/api";

export interface GroupResource {
  group: string;
  resource: string;
}

export interface Cause {
  reason: string;
  message: string;
  field: string;
}

type Details = NonNullable<KubeStatus["details"]>;

/** A failure that goes to the client as Kubernetes' `Status` object, with its HTTP code. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly status: KubeStatus;

  constructor(code: number, reason: string, message: string, details?: Details, options?: { cause: unknown }) {
    super(message, options);
    this.status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, ...(reason && { reason }), ...(details && { details }), code };
  }

  get code(): number {
    return this.status.code;
  }

  get reason(): string {
    return this.status.reason ?? "";
  }
}

/** `deployments.apps`, or `pods` in the core group, as the server's messages name resources. */
export function resourceText({ group, resource }: GroupResource): string {
  return group === "" ? resource : `${resource}.${group}`;
}

function details({ group, resource }: GroupResource, name: string): Details {
  return { ...(name && { name }), ...(group && { group }), kind: resource };
}

export function notFound(resource: GroupResource, name: string): StatusError {
  return new StatusError(404, "NotFound", `${resourceText(resource)} "${name}" not found`, details(resource, name));
}

/** A path or a resource that this server does not have at all. */
export function noSuchResource(): StatusError {
  return new StatusError(404, "NotFound", "the server could not find the requested resource", {});
}

/** A path outside every API: answered as plain text. */
export class PageNotFound extends Error {
  override readonly name = "PageNotFound";

  constructor() {
    super("404 page not found");
  }
}

export function alreadyExists(resource: GroupResource, name: string, ending = false): StatusError {
  return new StatusError(409, "AlreadyExists", `${ending ? "object is being deleted: " : ""}${resourceText(resource)} "${name}" already exists`, details(resource, name));
}

export function conflict(resource: GroupResource, name: string, why: string): StatusError {
  return new StatusError(409, "Conflict", `Operation cannot be fulfilled on ${resourceText(resource)} "${name}": ${why}`, details(resource, name));
}

export const MODIFIED = "the object has been modified; please apply your changes to the latest version and try again";

export function badRequest(message: string): StatusError {
  return new StatusError(400, "BadRequest", message);
}

export function unauthorized(): StatusError {
  return new StatusError(401, "Unauthorized", "Unauthorized");
}

export function forbidden(resource: GroupResource, name: string, why: string): StatusError {
  const what = name ? `${resourceText(resource)} "${name}" is forbidden` : `${resourceText(resource)} is forbidden`;
  return new StatusError(403, "Forbidden", `${what}: ${why}`, details(resource, name));
}

/** Several field errors as one 422, each also as a cause. */
export function invalid(kind: { group: string; kind: string }, name: string, causes: readonly Cause[]): StatusError {
  const texts = causes.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  const unique = [...new Set(texts)];
  const what = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  return new StatusError(422, "Invalid", `${what} "${name}" is invalid: ${unique.length === 1 ? unique[0] : `[${unique.join(", ")}]`}`, {
    ...(name && { name }),
    ...(kind.group && { group: kind.group }),
    ...(kind.kind && { kind: kind.kind }),
    causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

export function methodNotAllowed(): StatusError {
  return new StatusError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
}

export function expired(message: string): StatusError {
  return new StatusError(410, "Expired", message);
}

export function notAcceptable(types: readonly string[]): StatusError {
  return new StatusError(406, "NotAcceptable", `406: Not Acceptable\n\nAvailable representations: ${types.join(", ")}`, {});
}

export function unsupportedMediaType(types: readonly string[]): StatusError {
  return new StatusError(415, "UnsupportedMediaType", `the body of the request was in an unknown format - accepted media types include: ${types.join(", ")}`);
}

export function tooLarge(message: string): StatusError {
  return new StatusError(413, "RequestEntityTooLarge", message);
}

/** What a real API server has and this one does not; the message names it. */
export function notImplemented(what: string): StatusError {
  return new StatusError(501, "NotImplemented", `${what} is not implemented by the embedded cluster`);
}

export function internal(message: string): StatusError {
  return new StatusError(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
}

export function resourceVersionTooLarge(asked: number, current: number): StatusError {
  return new StatusError(504, "Timeout", `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}
