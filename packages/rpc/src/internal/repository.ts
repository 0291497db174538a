/** Written by generate-types.mjs from proto/trireme/repo/v1/repository.proto; do not edit. */

import type { CallContext } from "../handlers.ts";
import type { CallOptions } from "./client.ts";
import type { Input } from "./input.ts";

/** What the repo-server does for the other two. It never talks to Kubernetes: credentials, cluster version and settings come with each call. JSON inside bytes fields has Argo's own resource shapes (an ApplicationSource, a rendered object). */
export const REPOSITORY_SERVICE = "trireme.repo.v1.Repository";

/** What a server of trireme.repo.v1.Repository provides. */
export type RepositoryHandlers = {
  /** Which exact revision each source's target means now. */
  Resolve(request: ResolveRequest, call: CallContext): Promise<Input<ResolveResponse>>;
  /** All sources of an application, in one snapshot. First message: header; then objects; last: end. */
  Render(request: RenderRequest, call: CallContext): AsyncIterable<Input<RenderResponse>>;
  /** Type and parameters of a path, for `app details`. */
  Inspect(request: InspectRequest, call: CallContext): Promise<Input<InspectResponse>>;
  ListRefs(request: ListRefsRequest, call: CallContext): Promise<Input<ListRefsResponse>>;
  /** Directories that hold a chart or a kustomization, with their type; and, if wanted, those with plain manifests. */
  ListPaths(request: ListPathsRequest, call: CallContext): Promise<Input<ListPathsResponse>>;
  RevisionMetadata(request: RevisionMetadataRequest, call: CallContext): Promise<Input<RevisionMetadataResponse>>;
  Charts(request: ChartsRequest, call: CallContext): Promise<Input<ChartsResponse>>;
  /** Versions of an artefact in an OCI registry, newest first; what is no version stands last. */
  Tags(request: TagsRequest, call: CallContext): Promise<Input<TagsResponse>>;
  /** Reaches the repository with these credentials; fails with the server's own reason. */
  Test(request: TestRequest, call: CallContext): Promise<Input<TestResponse>>;
  /** Moves a ref forward and says which of the given renders its commits touch. One ref advertisement, at most one fetch, one tree diff, no render. */
  Changed(request: ChangedRequest, call: CallContext): Promise<Input<ChangedResponse>>;
};

/** What createClient gives for trireme.repo.v1.Repository. */
export interface RepositoryClient {
  /** Which exact revision each source's target means now. */
  resolve(request: Input<ResolveRequest>, options?: CallOptions): Promise<ResolveResponse>;
  /** All sources of an application, in one snapshot. First message: header; then objects; last: end. */
  render(request: Input<RenderRequest>, options?: CallOptions): AsyncIterable<RenderResponse>;
  /** Type and parameters of a path, for `app details`. */
  inspect(request: Input<InspectRequest>, options?: CallOptions): Promise<InspectResponse>;
  listRefs(request: Input<ListRefsRequest>, options?: CallOptions): Promise<ListRefsResponse>;
  /** Directories that hold a chart or a kustomization, with their type; and, if wanted, those with plain manifests. */
  listPaths(request: Input<ListPathsRequest>, options?: CallOptions): Promise<ListPathsResponse>;
  revisionMetadata(request: Input<RevisionMetadataRequest>, options?: CallOptions): Promise<RevisionMetadataResponse>;
  charts(request: Input<ChartsRequest>, options?: CallOptions): Promise<ChartsResponse>;
  /** Versions of an artefact in an OCI registry, newest first; what is no version stands last. */
  tags(request: Input<TagsRequest>, options?: CallOptions): Promise<TagsResponse>;
  /** Reaches the repository with these credentials; fails with the server's own reason. */
  test(request: Input<TestRequest>, options?: CallOptions): Promise<TestResponse>;
  /** Moves a ref forward and says which of the given renders its commits touch. One ref advertisement, at most one fetch, one tree diff, no render. */
  changed(request: Input<ChangedRequest>, options?: CallOptions): Promise<ChangedResponse>;
}

export interface RepositoryAccess {
  url: string;
  /** git (default), helm, oci */
  type: string;
  name: string;
  project: string;
  username: string;
  password: string;
  bearerToken: string;
  sshPrivateKey: string;
  insecure: boolean;
  tlsClientCertData: string;
  tlsClientCertKey: string;
  /** PEM bundle that the server's certificate must chain to; empty: the system's. */
  caData: string;
  proxy: string;
  noProxy: string;
  enableLfs: boolean;
  enableOci: boolean;
  forceHttpBasicAuth: boolean;
  depth: number;
  sshKnownHosts: string;
  insecureIgnoreHostKey: boolean;
  /** Instead of a password: the app's key in PEM and its number. */
  githubAppPrivateKey: string;
  githubAppId: number;
  /** 0: found by the repository's owner. */
  githubAppInstallationId: number;
  /** API of a GitHub Enterprise Server; empty: https://api.github.com. */
  githubAppEnterpriseBaseUrl: string;
}

export interface Source {
  repository: RepositoryAccess | null;
  /** ApplicationSource as JSON. */
  sourceJson: Buffer;
  /** Exact revision to use instead of the source's targetRevision; empty: resolve the target. */
  revision: string;
}

export interface ResolveRequest {
  sources: Source[];
  /** Ask the server even if the ref was learnt a moment ago. */
  noRevisionCache: boolean;
}

export interface ResolvedRevision {
  revision: string;
  /** The ref that was followed, or a version: `main (4f2c…)`. */
  ambiguousRevision: string;
}

export interface ResolveResponse {
  revisions: ResolvedRevision[];
}

export interface RenderRequest {
  /** the Application's name */
  appName: string;
  /** the Application's namespace */
  appNamespace: string;
  /** tracking instance: name, or <namespace>_<name> outside the control plane's */
  instanceName: string;
  project: string;
  destinationNamespace: string;
  sources: Source[];
  kubeVersion: string;
  apiVersions: string[];
  tools: ToolSettings | null;
  noCache: boolean;
  noRevisionCache: boolean;
  /** What the caller holds already: when the answer has this digest, no objects follow. */
  knownDigest: string;
  /** GVKs (`group/version/kind`) that are cluster-scoped there: their namespace is dropped by the controller, and they say nothing about the digest. Informational. */
  helmRepositoriesPermitted: string[];
  /** Credentials for chart dependencies and other URLs that tools may fetch. */
  extraRepositories: RepositoryAccess[];
}

export interface ToolSettings {
  kustomizeDisabled: boolean;
  helmDisabled: boolean;
  jsonnetDisabled: boolean;
  kustomizeBuildOptions: string;
  /** version -> path of its binary */
  kustomizeVersions: Record<string, string>;
  helmValuesFileSchemes: string[];
  hasHelmValuesFileSchemes: boolean;
  /** bytes; 0: the default of 10 MiB; -1: none */
  maxCombinedDirectoryManifestsSize: number;
}

export interface RenderResponse {
  /** Which of them is set. */
  part?: "header" | "objects";
  header?: RenderHeader;
  objects?: RenderedObjects;
}

export interface RenderHeader {
  sources: RenderedSource[];
  /** Of all objects together, in order; equal digests mean equal objects. */
  digest: string;
  /** True when known_digest was right and no objects follow. */
  unchanged: boolean;
  objectCount: number;
}

export interface RenderedSource {
  revision: string;
  /** Directory, Kustomize, Helm, Plugin */
  sourceType: string;
  commands: string[];
  /** Names the recorded inputs of this render, for Changed. */
  inputsKey: string;
  warnings: Problem[];
}

export interface RenderedObjects {
  objects: RenderedObject[];
}

export interface RenderedObject {
  /** Canonical JSON of one object as the tool gave it, untracked, namespace not yet defaulted. */
  json: Buffer;
  /** SHA-256 (hex) of json. */
  hash: string;
  provenance: Provenance | null;
}

export interface Provenance {
  sourceIndex: number;
  /** relative to the repository's root; empty where the tool hides it */
  file: string;
  /** 0-based within the file */
  document: number;
  /** 1-based; 0 where unknown */
  line: number;
  /** JSON: dotted field path -> 1-based line, only for plain files. */
  fieldLinesJson: Buffer;
}

export interface Problem {
  reason: string;
  message: string;
  file: string;
  line: number;
  field: string;
}

export interface InspectRequest {
  source: Source | null;
  appName: string;
  tools: ToolSettings | null;
  noCache: boolean;
  noRevisionCache: boolean;
  refSources: Source[];
}

export interface InspectResponse {
  type: string;
  /** RepoAppDetailsResponse's tool block (helm, kustomize, directory, plugin) as JSON. */
  detailsJson: Buffer;
  revision: string;
}

export interface ListRefsRequest {
  repository: RepositoryAccess | null;
}

export interface ListRefsResponse {
  branches: string[];
  tags: string[];
}

export interface ListPathsRequest {
  repository: RepositoryAccess | null;
  revision: string;
  tools: ToolSettings | null;
  /** How many directories with plain manifests are wanted at most; 0: they are not looked for. */
  mostDirectories: number;
}

export interface ListPathsResponse {
  typesByPath: Record<string, string>;
  revision: string;
  /** Those that nothing renders but that hold manifests themselves, nearest to the root first. */
  directories: string[];
  /** There are, or may be, more of them. */
  moreDirectories: boolean;
}

export interface RevisionMetadataRequest {
  repository: RepositoryAccess | null;
  revision: string;
  checkSignature: boolean;
}

export interface RevisionMetadataResponse {
  author: string;
  /** RFC3339, seconds, UTC */
  date: string;
  tags: string[];
  message: string;
  signatureInfo: string;
}

export interface ChartsRequest {
  repository: RepositoryAccess | null;
}

export interface Chart {
  name: string;
  versions: string[];
}

export interface ChartsResponse {
  charts: Chart[];
}

export interface TagsRequest {
  repository: RepositoryAccess | null;
  /** Below the repository's URL; empty: the URL is the artefact's own. */
  chart: string;
}

export interface TagsResponse {
  tags: string[];
}

export interface TestRequest {
  repository: RepositoryAccess | null;
}

export interface TestResponse {
}

export interface ChangedRequest {
  repository: RepositoryAccess | null;
  /** The target as applications write it: branch, tag, semver constraint, empty for HEAD. */
  targetRevision: string;
  /** Commit that a webhook named: fetched in parallel, never trusted to be the ref's. */
  hintRevision: string;
  known: KnownRender[];
  /** Answer from the last advertisement if it is not older than this many milliseconds; 0: ask. */
  maxAgeMs: number;
}

export interface KnownRender {
  inputsKey: string;
  /** what it was rendered from */
  revision: string;
  /** manifest-generate-paths, resolved against the source's path; empty where not set. */
  generatePaths: string[];
}

export interface ChangedResponse {
  /** where the target is now */
  revision: string;
  /** One for each known render, in order. Unknown inputs count as touched. */
  touched: boolean[];
}
