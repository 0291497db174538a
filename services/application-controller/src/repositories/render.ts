import type { KubeObject } from "@trireme/api";
import type { ApplicationSource } from "@trireme/api/argo";
import { AppError, Code } from "@trireme/runtime";
import type { Input, repository } from "@trireme/rpc";

export interface RenderedObject {
  object: KubeObject;
  /** SHA-256 of the object as the tool gave it. */
  hash: string;
  provenance: repository.Provenance | undefined;
}

export interface Rendered {
  digest: string;
  /** One for each source, in order. */
  revisions: string[];
  sourceTypes: string[];
  inputsKeys: string[];
  warnings: repository.Problem[];
  /** Absent when the caller's `knownDigest` was right. */
  objects: RenderedObject[] | undefined;
}

export interface RenderOptions {
  app: { namespace: string; name: string; instance: string; project: string; destinationNamespace: string };
  sources: { source: ApplicationSource; access: Input<repository.RepositoryAccess>; revision: string }[];
  kubeVersion: string;
  apiVersions: string[];
  tools: Input<repository.ToolSettings>;
  extraRepositories: Input<repository.RepositoryAccess>[];
  noCache?: boolean;
  noRevisionCache?: boolean;
  knownDigest?: string;
  signal: AbortSignal;
  deadlineMs: number;
}

/** All sources of an application in one snapshot. Throws repo-server's error, or DataLoss where its answer is not whole. */
export async function render(client: repository.RepositoryClient, options: RenderOptions): Promise<Rendered> {
  const { app, signal, deadlineMs } = options;
  const stream = client.render(
    {
      appName: app.name,
      appNamespace: app.namespace,
      instanceName: app.instance,
      project: app.project,
      destinationNamespace: app.destinationNamespace,
      sources: options.sources.map(({ source, access, revision }) => ({ repository: access, sourceJson: Buffer.from(JSON.stringify(source)), revision })),
      kubeVersion: options.kubeVersion,
      apiVersions: options.apiVersions,
      tools: options.tools,
      noCache: options.noCache ?? false,
      noRevisionCache: options.noRevisionCache ?? false,
      knownDigest: options.knownDigest ?? "",
      extraRepositories: options.extraRepositories,
    },
    { signal, deadlineMs },
  );
  let header: repository.RenderHeader | undefined;
  const objects: RenderedObject[] = [];
  for await (const { header: first, objects: more } of stream) {
    if (first) header = first;
    for (const each of more?.objects ?? []) objects.push({ object: JSON.parse(each.json.toString("utf8")) as KubeObject, hash: each.hash, provenance: each.provenance ?? undefined });
  }
  if (header === undefined || (!header.unchanged && header.objectCount !== objects.length) || header.sources.length !== options.sources.length) {
    throw new AppError(`repo-server's answer for ${app.namespace}/${app.name} is not whole`, { reason: "RenderIncomplete", code: Code.DataLoss, retry: "later" });
  }
  return {
    digest: header.digest,
    revisions: header.sources.map((source) => source.revision),
    sourceTypes: header.sources.map((source) => source.sourceType),
    inputsKeys: header.sources.map((source) => source.inputsKey),
    warnings: header.sources.flatMap((source) => source.warnings),
    objects: header.unchanged ? undefined : objects,
  };
}
