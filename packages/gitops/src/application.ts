import type { Json, KubeObject, ObjectMeta } from "@trireme/api";

/**
 * Argo's Application as the decisions of this package read it: fields that nobody here looks at stay in place
 * as unknown ones. The wire shape is the CRD's, unchanged.
 */
export interface Application extends KubeObject {
  metadata: ObjectMeta;
  spec: ApplicationSpec;
  status?: ApplicationStatus;
  operation?: Operation;
}

export interface ApplicationSpec {
  project?: string;
  destination: Destination;
  source?: ApplicationSource;
  sources?: ApplicationSource[];
  sourceHydrator?: Record<string, any>;
  syncPolicy?: SyncPolicy;
  ignoreDifferences?: IgnoreDifferences[];
  info?: { name: string; value: string }[];
  revisionHistoryLimit?: number;
}

export interface Destination {
  server?: string;
  name?: string;
  namespace?: string;
}

export interface ApplicationSource {
  repoURL: string;
  path?: string;
  targetRevision?: string;
  tagPrefix?: string;
  chart?: string;
  ref?: string;
  name?: string;
  helm?: Record<string, any>;
  kustomize?: Record<string, any>;
  directory?: Record<string, any>;
  plugin?: Record<string, any>;
}

export interface SyncPolicy {
  automated?: { prune?: boolean; selfHeal?: boolean; allowEmpty?: boolean; enabled?: boolean };
  syncOptions?: string[];
  retry?: RetryStrategy;
  managedNamespaceMetadata?: ManagedNamespaceMetadata;
}

export interface ManagedNamespaceMetadata {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface RetryStrategy {
  limit?: number;
  backoff?: { duration?: string; factor?: number; maxDuration?: string };
  refresh?: boolean;
}

export interface IgnoreDifferences {
  group?: string;
  kind: string;
  name?: string;
  namespace?: string;
  jsonPointers?: string[];
  jqPathExpressions?: string[];
  managedFieldsManagers?: string[];
}

export interface Operation {
  sync?: SyncOperation;
  initiatedBy?: { username?: string; automated?: boolean };
  info?: { name: string; value: string }[];
  retry?: RetryStrategy;
}

export interface SyncOperation {
  revision?: string;
  revisions?: string[];
  prune?: boolean;
  dryRun?: boolean;
  syncStrategy?: { apply?: { force?: boolean }; hook?: { force?: boolean } };
  resources?: SyncOperationResource[];
  source?: ApplicationSource;
  sources?: ApplicationSource[];
  manifests?: string[];
  syncOptions?: string[];
  autoHealAttemptsCount?: number;
}

export interface SyncOperationResource {
  group?: string;
  kind: string;
  name: string;
  namespace?: string;
}

export const OperationPhase = { Running: "Running", Terminating: "Terminating", Failed: "Failed", Error: "Error", Succeeded: "Succeeded" } as const;
export type OperationPhase = (typeof OperationPhase)[keyof typeof OperationPhase];

export const SyncCode = { Synced: "Synced", OutOfSync: "OutOfSync", Unknown: "Unknown" } as const;
export type SyncCode = (typeof SyncCode)[keyof typeof SyncCode];

export const ResultCode = { Synced: "Synced", SyncFailed: "SyncFailed", Pruned: "Pruned", PruneSkipped: "PruneSkipped" } as const;
export type ResultCode = (typeof ResultCode)[keyof typeof ResultCode];

export type SyncPhase = "PreSync" | "Sync" | "PostSync" | "SyncFail";

export interface ResourceResult {
  group: string;
  version: string;
  kind: string;
  namespace: string;
  name: string;
  status?: ResultCode;
  message?: string;
  hookType?: SyncPhase;
  hookPhase?: OperationPhase;
  syncPhase?: SyncPhase;
  images?: string[];
}

export interface SyncResult {
  resources?: ResourceResult[];
  revision: string;
  source?: ApplicationSource;
  sources?: ApplicationSource[];
  revisions?: string[];
  managedNamespaceMetadata?: ManagedNamespaceMetadata;
}

export interface OperationState {
  operation: Operation;
  phase: OperationPhase;
  message?: string;
  syncResult?: SyncResult;
  startedAt: string;
  finishedAt?: string;
  retryCount?: number;
}

export interface HistoryEntry {
  id: number;
  revision?: string;
  revisions?: string[];
  source?: ApplicationSource;
  sources?: ApplicationSource[];
  deployStartedAt?: string;
  deployedAt: string;
  initiatedBy?: { username?: string; automated?: boolean };
}

export interface ResourceStatus {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
  status?: SyncCode;
  health?: { status?: string; message?: string };
  hook?: boolean;
  requiresPruning?: boolean;
  syncWave?: number;
  requiresDeletionConfirmation?: boolean;
}

export interface Condition {
  type: string;
  message: string;
  lastTransitionTime?: string;
}

export interface ComparedTo {
  source?: ApplicationSource;
  sources?: ApplicationSource[];
  destination: Destination;
  ignoreDifferences?: IgnoreDifferences[];
}

export interface SyncStatus {
  status: SyncCode;
  revision?: string;
  revisions?: string[];
  comparedTo?: ComparedTo;
}

export interface ApplicationStatus {
  resources?: ResourceStatus[];
  sync?: SyncStatus;
  health?: { status?: string; lastTransitionTime?: string; message?: string };
  operationState?: OperationState;
  history?: HistoryEntry[];
  conditions?: Condition[];
  reconciledAt?: string;
  sourceType?: string;
  sourceTypes?: string[];
  summary?: { externalURLs?: string[]; images?: string[]; isAppOfApps?: boolean };
  controllerNamespace?: string;
  resourceHealthSource?: string;
  sourceHydrator?: Record<string, Json>;
}

export interface AppProject extends KubeObject {
  spec: AppProjectSpec;
}

export interface GroupKindName {
  group: string;
  kind: string;
  name?: string;
}

export interface AppProjectSpec {
  description?: string;
  sourceRepos?: string[];
  destinations?: Destination[];
  sourceNamespaces?: string[];
  clusterResourceWhitelist?: GroupKindName[];
  clusterResourceBlacklist?: GroupKindName[];
  namespaceResourceWhitelist?: GroupKindName[];
  namespaceResourceBlacklist?: GroupKindName[];
  roles?: Record<string, any>[];
  syncWindows?: SyncWindow[];
  orphanedResources?: { warn?: boolean; ignore?: { group?: string; kind?: string; name?: string }[] };
  permitOnlyProjectScopedClusters?: boolean;
  destinationServiceAccounts?: { server: string; namespace?: string; defaultServiceAccount: string }[];
}

export interface SyncWindow {
  kind?: string;
  schedule?: string;
  duration?: string;
  applications?: string[];
  namespaces?: string[];
  clusters?: string[];
  manualSync?: boolean;
  timeZone?: string;
  andOperator?: boolean;
  description?: string;
  syncOverrun?: boolean;
}

/** Sources in the order they apply: the hydrator's dry output, else `sources`, else the single one. */
export function sourcesOf(spec: ApplicationSpec): ApplicationSource[] {
  if (spec.sourceHydrator !== undefined) {
    const { drySource, syncSource } = spec.sourceHydrator;
    return [{ repoURL: syncSource?.repoURL ?? drySource?.repoURL ?? "", path: syncSource?.path ?? "", targetRevision: syncSource?.targetBranch ?? "" }];
  }
  if (spec.sources !== undefined && spec.sources.length > 0) return spec.sources;
  return spec.source === undefined ? [] : [spec.source];
}

export function hasMultipleSources(spec: ApplicationSpec): boolean {
  return spec.sourceHydrator === undefined && (spec.sources?.length ?? 0) > 0;
}

export function isAutomated(policy: SyncPolicy | undefined): boolean {
  return policy?.automated !== undefined && policy.automated !== null && policy.automated.enabled !== false;
}

export function isCompleted(phase: OperationPhase | undefined): boolean {
  return phase === "Failed" || phase === "Error" || phase === "Succeeded";
}

/** As Argo says it: an operation is asked for or under way, whichever of its two fields shows it. */
export function isOperationInProgress(app: Application): boolean {
  const state = app.status?.operationState;
  return state !== undefined && state !== null && !isCompleted(state.phase);
}
