import type { Application } from "@trireme/api/argo";
import { sourcesOf } from "@trireme/gitops";
import { isAlreadyExists } from "@trireme/kube";
import { messagePlan, shapeJson } from "@trireme/rpc";
import { asAppError } from "@trireme/runtime";
import { invalid, permissionDenied } from "../../errors.ts";
import { rbacName } from "../application/access.ts";
import { wrapped } from "../application/resources/live-resource.ts";
import { sameSpec } from "../application/same-spec.ts";
import { renderProblem, validated } from "../application/validate.ts";
import { destinationCluster } from "../application/write.ts";
import { inside, unary, type Call, type Rpc } from "../rpc.ts";

/** As long as a render may take. */
const DEADLINE_MS = 90_000;
/** What is not the sources' fault. */
const NOT_OF_SOURCES = new Set(["ClusterUnreadable", "InvalidSpec", "ServiceUnavailable", "DeadlineExceeded", "Canceled"]);

/** What an application would make of its cluster before it is created, for whoever may create and see it. Secrets were masked by the controller. */
export const previewService: Record<string, Rpc> = {
  Get: unary(inside("the object carries the project", ["applications", "create"], ["applications", "get"]), async (request, call) => {
    const { ctx, caller } = call;
    const sent = parsed(request.application ?? "", ctx.namespace);
    caller.require("applications", "create", rbacName(sent, ctx.namespace));
    // Live objects are shown beside what they would become, as the application's own page will.
    caller.require("applications", "get", rbacName(sent, ctx.namespace));
    const typed = shapeJson(messagePlan("github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1.Application"), sent) as unknown as Application;
    const { spec } = await validated(typed, { current: undefined, validate: false }, call);
    if (!ctx.applications.serves(sent.metadata.namespace ?? "")) throw permissionDenied(`namespace '${sent.metadata.namespace}' is not permitted`);
    const exists = await isTaken(sent, { ...typed, spec }, call);
    return { ...(await asked({ ...typed, spec }, call)), exists };
  }),
};

/** The creation tried on the API server as it was written, so that a stray field is named; true where another application has the name. */
async function isTaken(written: Application, wanted: Application, { ctx, signal }: Call): Promise<boolean> {
  const current = ctx.applications.get(wanted.metadata.namespace ?? "", wanted.metadata.name ?? "");
  if (current !== undefined) return !sameSpec(current, wanted);
  const { operation: _, status: __, ...object } = written as Application & { status?: unknown };
  return wrapped("error creating application", async () => {
    try {
      await ctx.kube.create({ ...object, apiVersion: "argoproj.io/v1alpha1", kind: "Application" }, { dryRun: true, fieldValidation: "Strict", signal });
      return false;
    } catch (thrown) {
      if (isAlreadyExists(thrown)) return true;
      throw thrown;
    }
  });
}

async function asked(app: Application, { ctx, signal }: Call): Promise<object> {
  const items: unknown[] = [];
  let head = {};
  try {
    const chunks = ctx.controllers.of(destinationCluster(app, ctx)).preview({ applicationJson: Buffer.from(JSON.stringify(app)) }, { signal, deadlineMs: DEADLINE_MS });
    let first = true;
    for await (const { json } of chunks) {
      if (first) head = JSON.parse(String(json)) as object;
      else items.push(JSON.parse(String(json)));
      first = false;
    }
  } catch (thrown) {
    const error = asAppError(thrown);
    if (NOT_OF_SOURCES.has(error.reason)) throw error;
    throw invalid(`application spec for ${app.metadata.name} is invalid: InvalidSpecError: ${renderProblem(error, sourcesOf(app.spec))}`, "InvalidSpec");
  }
  return { ...head, items };
}

function parsed(text: string, namespace: string): Application {
  let sent: Partial<Application> | null;
  try {
    sent = JSON.parse(text) as Partial<Application> | null;
  } catch {
    throw invalid("error previewing application: the application is not JSON");
  }
  const { metadata, spec } = sent ?? {};
  if (typeof metadata !== "object" || metadata === null || typeof spec !== "object" || spec === null) throw invalid("error previewing application: metadata and spec must both be there");
  return { ...sent, metadata: { ...metadata, namespace: metadata.namespace || namespace }, spec } as Application;
}
