import { instanceName, sourcesOf } from "@trireme/gitops";
import { asAppError } from "@trireme/runtime";
import { chartRepositories, renderTools, trustOf } from "@trireme/settings";
import { unknown } from "../../errors.ts";
import { projectNameOf } from "../../state/projects.ts";
import { sourceOf } from "../../state/repository-access.ts";
import { unary } from "../rpc.ts";
import { forApplication, type ApplicationCall } from "./access.ts";
import { destinationClient } from "./destination.ts";
import { maskSecret } from "./resources/mask.ts";
import { manifestText, trackedManifest } from "./resources/tracked-manifest.ts";
import { clusterVersion } from "./validate.ts";

/** What the sources mean as manifests now, or at given revisions; secrets masked. */
export const getManifests = unary<ApplicationCall>(forApplication("get"), async (request, call) => {
  const { app, project, ctx, signal } = call;
  if (!sourcesOf(app.spec).length) throw unknown("error getting manifests: the application has no source", "InvalidSpec");
  const { cluster } = destinationClient(app, project, ctx);
  const settings = ctx.settings.current();
  const projectName = projectNameOf(app);
  const sources = sourcesOf(app.spec).map((source, i) => {
    const position = (request.sourcePositions ?? []).indexOf(i + 1);
    const revision = position >= 0 ? request.revisions?.[position] : i === 0 ? request.revision : undefined;
    return sourceOf({ ...source, ...(revision && { targetRevision: revision }) }, projectName, ctx);
  });
  const manifests: string[] = [];
  try {
    const render = ctx.repo.render(
      {
        appName: app.metadata.name ?? "",
        appNamespace: app.metadata.namespace ?? "",
        instanceName: instanceName({ namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "" }, ctx.namespace),
        project: projectName,
        destinationNamespace: app.spec.destination.namespace ?? "",
        sources,
        ...(await clusterVersion(cluster, ctx, signal)),
        tools: renderTools(settings),
        noCache: request.noCache === true,
        extraRepositories: chartRepositories(projectName, settings, trustOf(ctx.settings)),
      },
      { signal },
    );
    for await (const { objects } of render)
      for (const { json } of objects?.objects ?? []) {
        const object = maskSecret(JSON.parse(String(json)), settings.maskedAnnotations);
        manifests.push(manifestText(trackedManifest(object, app, { controlPlaneNamespace: ctx.namespace, tracking: settings.tracking })));
      }
  } catch (thrown) {
    const error = asAppError(thrown);
    throw unknown(`error generating manifests: ${error.message}`, error.reason, thrown);
  }
  return { manifests };
});
