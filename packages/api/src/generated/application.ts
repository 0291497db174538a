/** Written by packages/api/generate.mjs from the definition of applications.argoproj.io; not to be changed by hand. */
import type { KubeObject } from "../kubernetes.ts";
import type { HealthStatusCode, OperationPhase, ResultCode, SyncPhase, SyncStatusCode } from "../vocabularies.ts";

export interface Application extends KubeObject {
  apiVersion: "argoproj.io/v1alpha1";
  kind: "Application";
  operation?: Operation;
  spec: ApplicationSpec;
  status?: ApplicationStatus;
}

export interface ApplicationApply {
  force?: boolean;
}

export interface ApplicationAutomated {
  allowEmpty?: boolean;
  enabled?: boolean;
  prune?: boolean;
  selfHeal?: boolean;
}

export interface ApplicationBackoff {
  duration?: string;
  factor?: number;
  maxDuration?: string;
}

export interface ApplicationCondition {
  lastTransitionTime?: string;
  message: string;
  type: string;
}

export interface ApplicationCurrentOperation {
  drySHA?: string;
  finishedAt?: string;
  hydratedSHA?: string;
  message: string;
  phase: "Hydrating" | "Failed" | "Hydrated";
  sourceHydrator?: ApplicationSourceHydrator;
  startedAt?: string;
}

export interface ApplicationDestination {
  name?: string;
  namespace?: string;
  server?: string;
}

export interface ApplicationDrySource {
  directory?: ApplicationSourceDirectory;
  helm?: ApplicationSourceHelm;
  kustomize?: ApplicationSourceKustomize;
  path: string;
  plugin?: ApplicationSourcePlugin;
  repoURL: string;
  targetRevision: string;
}

export interface ApplicationExtVars {
  code?: boolean;
  name: string;
  value: string;
}

export interface ApplicationFileParameters {
  name?: string;
  path?: string;
}

export interface ApplicationHydrateTo {
  targetBranch: string;
}

export interface ApplicationInfo {
  name: string;
  value: string;
}

export interface ApplicationInitiatedBy {
  automated?: boolean;
  username?: string;
}

export interface ApplicationJsonnet {
  extVars?: ApplicationExtVars[];
  libs?: string[];
  tlas?: ApplicationExtVars[];
}

export interface ApplicationLastSuccessfulOperation {
  drySHA?: string;
  hydratedSHA?: string;
  sourceHydrator?: ApplicationSourceHydrator;
}

export interface ApplicationParameters {
  forceString?: boolean;
  name?: string;
  value?: string;
}

export interface ApplicationPatches {
  options?: Record<string, boolean>;
  patch?: string;
  path?: string;
  target?: ApplicationTarget;
}

export interface ApplicationPluginParameters {
  array?: string[];
  map?: Record<string, string>;
  name?: string;
  string?: string;
}

export interface ApplicationReplicas {
  count: number | string;
  name: string;
}

export interface ApplicationSource {
  chart?: string;
  directory?: ApplicationSourceDirectory;
  helm?: ApplicationSourceHelm;
  kustomize?: ApplicationSourceKustomize;
  name?: string;
  path?: string;
  plugin?: ApplicationSourcePlugin;
  ref?: string;
  repoURL: string;
  tagPrefix?: string;
  targetRevision?: string;
}

export interface ApplicationSourceDirectory {
  exclude?: string;
  include?: string;
  jsonnet?: ApplicationJsonnet;
  recurse?: boolean;
}

export interface ApplicationSourceHelm {
  apiVersions?: string[];
  fileParameters?: ApplicationFileParameters[];
  ignoreMissingValueFiles?: boolean;
  kubeVersion?: string;
  namespace?: string;
  parameters?: ApplicationParameters[];
  passCredentials?: boolean;
  releaseName?: string;
  skipCrds?: boolean;
  skipSchemaValidation?: boolean;
  skipTests?: boolean;
  valueFiles?: string[];
  values?: string;
  valuesObject?: Record<string, any>;
  version?: string;
}

export interface ApplicationSourceHydrator {
  drySource: ApplicationDrySource;
  hydrateTo?: ApplicationHydrateTo;
  syncSource: ApplicationSyncSource;
}

export interface ApplicationSourceKustomize {
  apiVersions?: string[];
  commonAnnotations?: Record<string, string>;
  commonAnnotationsEnvsubst?: boolean;
  commonLabels?: Record<string, string>;
  components?: string[];
  forceCommonAnnotations?: boolean;
  forceCommonLabels?: boolean;
  ignoreMissingComponents?: boolean;
  images?: string[];
  kubeVersion?: string;
  labelIncludeTemplates?: boolean;
  labelWithoutSelector?: boolean;
  namePrefix?: string;
  nameSuffix?: string;
  namespace?: string;
  patches?: ApplicationPatches[];
  replicas?: ApplicationReplicas[];
  version?: string;
}

export interface ApplicationSourcePlugin {
  env?: ApplicationInfo[];
  name?: string;
  parameters?: ApplicationPluginParameters[];
}

export interface ApplicationSpec {
  destination: ApplicationDestination;
  ignoreDifferences?: ResourceIgnoreDifferences[];
  info?: ApplicationInfo[];
  project: string;
  revisionHistoryLimit?: number;
  source?: ApplicationSource;
  sourceHydrator?: ApplicationSourceHydrator;
  sources?: ApplicationSource[];
  syncPolicy?: SyncPolicy;
}

export interface ApplicationStatus {
  conditions?: ApplicationCondition[];
  controllerNamespace?: string;
  health?: HealthStatus;
  history?: RevisionHistory[];
  observedAt?: string;
  operationState?: OperationState;
  reconciledAt?: string;
  resourceHealthSource?: string;
  resources?: ResourceStatus[];
  sourceHydrator?: ApplicationStatusSourceHydrator;
  sourceType?: string;
  sourceTypes?: string[];
  summary?: ApplicationSummary;
  sync?: SyncStatus;
}

export interface ApplicationStatusSourceHydrator {
  currentOperation?: ApplicationCurrentOperation;
  lastComparedDryRevision?: string;
  lastSuccessfulOperation?: ApplicationLastSuccessfulOperation;
}

export interface ApplicationSummary {
  externalURLs?: string[];
  images?: string[];
  isAppOfApps?: boolean;
}

export interface ApplicationSyncSource {
  path: string;
  repoURL?: string;
  targetBranch: string;
}

export interface ApplicationSyncStrategy {
  apply?: ApplicationApply;
  hook?: ApplicationApply;
}

export interface ApplicationTarget {
  annotationSelector?: string;
  group?: string;
  kind?: string;
  labelSelector?: string;
  name?: string;
  namespace?: string;
  version?: string;
}

export interface ComparedTo {
  destination: ApplicationDestination;
  ignoreDifferences?: ResourceIgnoreDifferences[];
  source?: ApplicationSource;
  sources?: ApplicationSource[];
}

export interface HealthStatus {
  lastTransitionTime?: string;
  message?: string;
  status?: HealthStatusCode;
}

export interface ManagedNamespaceMetadata {
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

export interface Operation {
  info?: ApplicationInfo[];
  initiatedBy?: ApplicationInitiatedBy;
  retry?: RetryStrategy;
  sync?: SyncOperation;
}

export interface OperationState {
  finishedAt?: string;
  message?: string;
  operation: Operation;
  phase: OperationPhase;
  retryCount?: number;
  startedAt: string;
  syncResult?: SyncOperationResult;
}

export interface ResourceIgnoreDifferences {
  group?: string;
  jqPathExpressions?: string[];
  jsonPointers?: string[];
  kind: string;
  managedFieldsManagers?: string[];
  name?: string;
  namespace?: string;
}

export interface ResourceResult {
  group: string;
  hookPhase?: OperationPhase;
  hookType?: SyncPhase;
  images?: string[];
  kind: string;
  message?: string;
  name: string;
  namespace: string;
  status?: ResultCode;
  syncPhase?: SyncPhase;
  version: string;
}

export interface ResourceStatus {
  group?: string;
  health?: HealthStatus;
  hook?: boolean;
  kind: string;
  name: string;
  namespace?: string;
  requiresDeletionConfirmation?: boolean;
  requiresPruning?: boolean;
  status?: SyncStatusCode;
  syncWave?: number;
  version?: string;
}

export interface RetryStrategy {
  backoff?: ApplicationBackoff;
  limit?: number;
  refresh?: boolean;
}

export interface RevisionHistory {
  deployStartedAt?: string;
  deployedAt: string;
  id: number;
  initiatedBy?: ApplicationInitiatedBy;
  revision?: string;
  revisions?: string[];
  source?: ApplicationSource;
  sources?: ApplicationSource[];
}

export interface SyncOperation {
  autoHealAttemptsCount?: number;
  dryRun?: boolean;
  manifests?: string[];
  prune?: boolean;
  resources?: SyncOperationResource[];
  revision?: string;
  revisions?: string[];
  source?: ApplicationSource;
  sources?: ApplicationSource[];
  syncOptions?: string[];
  syncStrategy?: ApplicationSyncStrategy;
}

export interface SyncOperationResource {
  group?: string;
  kind: string;
  name: string;
  namespace?: string;
}

export interface SyncOperationResult {
  managedNamespaceMetadata?: ManagedNamespaceMetadata;
  resources?: ResourceResult[];
  revision: string;
  revisions?: string[];
  source?: ApplicationSource;
  sources?: ApplicationSource[];
}

export interface SyncPolicy {
  automated?: ApplicationAutomated;
  managedNamespaceMetadata?: ManagedNamespaceMetadata;
  retry?: RetryStrategy;
  syncOptions?: string[];
}

export interface SyncStatus {
  comparedTo?: ComparedTo;
  revision?: string;
  revisions?: string[];
  status: SyncStatusCode;
}
