/** Written by packages/api/generate.mjs from the definition of applicationsets.argoproj.io; not to be changed by hand. */
import type { KubeObject } from "../kubernetes.ts";

export interface ApplicationSet extends KubeObject {
  apiVersion: "argoproj.io/v1alpha1";
  kind: "ApplicationSet";
  spec: ApplicationSetSpec;
  status?: ApplicationSetStatus;
}

export interface ApplicationSetApplicationStatus {
  application: string;
  lastTransitionTime?: string;
  message: string;
  status: string;
  step: string;
  targetRevisions: string[];
}

export interface ApplicationSetAutomated {
  allowEmpty?: boolean;
  enabled?: boolean;
  prune?: boolean;
  selfHeal?: boolean;
}

export interface ApplicationSetAwsCodeCommit {
  allBranches?: boolean;
  region?: string;
  role?: string;
  tagFilters?: ApplicationSetTagFilters[];
}

export interface ApplicationSetAzureDevOps {
  accessTokenRef: ApplicationSetTokenRef;
  allBranches?: boolean;
  api?: string;
  organization: string;
  teamProject: string;
}

export interface ApplicationSetAzuredevops {
  api?: string;
  labels?: string[];
  organization: string;
  project: string;
  repo: string;
  tokenRef?: ApplicationSetTokenRef;
}

export interface ApplicationSetBackoff {
  duration?: string;
  factor?: number;
  maxDuration?: string;
}

export interface ApplicationSetBasicAuth {
  passwordRef: ApplicationSetTokenRef;
  username: string;
}

export interface ApplicationSetBearerToken {
  tokenRef: ApplicationSetTokenRef;
}

export interface ApplicationSetBitbucket {
  api?: string;
  basicAuth?: ApplicationSetBasicAuth;
  bearerToken?: ApplicationSetBearerToken;
  owner: string;
  repo: string;
}

export interface ApplicationSetBitbucketServer {
  api: string;
  basicAuth?: ApplicationSetBasicAuth;
  bearerToken?: ApplicationSetBearerToken;
  caRef?: ApplicationSetCaRef;
  insecure?: boolean;
  project: string;
  repo: string;
}

export interface ApplicationSetCaRef {
  configMapName: string;
  key: string;
}

export interface ApplicationSetClusterDecisionResource {
  configMapRef: string;
  labelSelector?: ApplicationSetLabelSelector;
  name?: string;
  requeueAfterSeconds?: number;
  template?: ApplicationSetTemplate;
  values?: Record<string, string>;
}

export interface ApplicationSetClusters {
  flatList?: boolean;
  selector?: ApplicationSetLabelSelector;
  template?: ApplicationSetTemplate;
  values?: Record<string, string>;
}

export interface ApplicationSetConditions {
  lastTransitionTime?: string;
  message: string;
  reason: string;
  status: string;
  type: string;
}

export interface ApplicationSetConfigMapRef {
  name: string;
}

export interface ApplicationSetDestination {
  name?: string;
  namespace?: string;
  server?: string;
}

export interface ApplicationSetDirectories {
  exclude?: boolean;
  path: string;
}

export interface ApplicationSetDirectory {
  exclude?: string;
  include?: string;
  jsonnet?: ApplicationSetJsonnet;
  recurse?: boolean;
}

export interface ApplicationSetDrySource {
  directory?: ApplicationSetDirectory;
  helm?: ApplicationSetHelm;
  kustomize?: ApplicationSetKustomize;
  path: string;
  plugin?: ApplicationSetPlugin;
  repoURL: string;
  targetRevision: string;
}

export interface ApplicationSetExtVars {
  code?: boolean;
  name: string;
  value: string;
}

export interface ApplicationSetFileParameters {
  name?: string;
  path?: string;
}

export interface ApplicationSetFilters {
  branchMatch?: string;
  targetBranchMatch?: string;
  titleMatch?: string;
}

export interface ApplicationSetGenerators {
  clusterDecisionResource?: ApplicationSetClusterDecisionResource;
  clusters?: ApplicationSetClusters;
  git?: ApplicationSetGit;
  list?: ApplicationSetList;
  matrix?: ApplicationSetMatrix;
  merge?: ApplicationSetMerge;
  plugin?: ApplicationSetGeneratorsPlugin;
  pullRequest?: ApplicationSetPullRequest;
  scmProvider?: ApplicationSetScmProvider;
  selector?: ApplicationSetLabelSelector;
}

export interface ApplicationSetGeneratorsPlugin {
  configMapRef: ApplicationSetConfigMapRef;
  input?: ApplicationSetInput;
  requeueAfterSeconds?: number;
  template?: ApplicationSetTemplate;
  values?: Record<string, string>;
}

export interface ApplicationSetGit {
  directories?: ApplicationSetDirectories[];
  files?: ApplicationSetDirectories[];
  pathParamPrefix?: string;
  repoURL: string;
  requeueAfterSeconds?: number;
  revision: string;
  template?: ApplicationSetTemplate;
  values?: Record<string, string>;
}

export interface ApplicationSetGitea {
  api: string;
  insecure?: boolean;
  labels?: string[];
  owner: string;
  repo: string;
  tokenRef?: ApplicationSetTokenRef;
}

export interface ApplicationSetGithub {
  api?: string;
  appSecretName?: string;
  labels?: string[];
  owner: string;
  repo: string;
  tokenRef?: ApplicationSetTokenRef;
}

export interface ApplicationSetGitlab {
  api?: string;
  caRef?: ApplicationSetCaRef;
  insecure?: boolean;
  labels?: string[];
  project: string;
  pullRequestState?: string;
  tokenRef?: ApplicationSetTokenRef;
}

export interface ApplicationSetHealth {
  lastTransitionTime?: string;
  message?: string;
  status?: string;
}

export interface ApplicationSetHelm {
  apiVersions?: string[];
  fileParameters?: ApplicationSetFileParameters[];
  ignoreMissingValueFiles?: boolean;
  kubeVersion?: string;
  namespace?: string;
  parameters?: ApplicationSetParameters[];
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

export interface ApplicationSetHydrateTo {
  targetBranch: string;
}

export interface ApplicationSetIgnoreApplicationDifferences {
  jqPathExpressions?: string[];
  jsonPointers?: string[];
  name?: string;
}

export interface ApplicationSetIgnoreDifferences {
  group?: string;
  jqPathExpressions?: string[];
  jsonPointers?: string[];
  kind: string;
  managedFieldsManagers?: string[];
  name?: string;
  namespace?: string;
}

export interface ApplicationSetInfo {
  name: string;
  value: string;
}

export interface ApplicationSetInput {
  parameters?: Record<string, any>;
}

export interface ApplicationSetJsonnet {
  extVars?: ApplicationSetExtVars[];
  libs?: string[];
  tlas?: ApplicationSetExtVars[];
}

export interface ApplicationSetKustomize {
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
  patches?: ApplicationSetPatches[];
  replicas?: ApplicationSetReplicas[];
  version?: string;
}

export interface ApplicationSetLabelSelector {
  matchExpressions?: ApplicationSetMatchExpressions[];
  matchLabels?: Record<string, string>;
}

export interface ApplicationSetList {
  elements?: any[];
  elementsYaml?: string;
  template?: ApplicationSetTemplate;
}

export interface ApplicationSetManagedNamespaceMetadata {
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

export interface ApplicationSetMatchExpressions {
  key: string;
  operator: string;
  values?: string[];
}

export interface ApplicationSetMatrix {
  generators: ApplicationSetMatrixGenerators[];
  template?: ApplicationSetTemplate;
}

export interface ApplicationSetMatrixGenerators {
  clusterDecisionResource?: ApplicationSetClusterDecisionResource;
  clusters?: ApplicationSetClusters;
  git?: ApplicationSetGit;
  list?: ApplicationSetList;
  matrix?: any;
  merge?: any;
  plugin?: ApplicationSetGeneratorsPlugin;
  pullRequest?: ApplicationSetPullRequest;
  scmProvider?: ApplicationSetScmProvider;
  selector?: ApplicationSetLabelSelector;
}

export interface ApplicationSetMerge {
  generators: ApplicationSetMatrixGenerators[];
  mergeKeys: string[];
  template?: ApplicationSetTemplate;
}

export interface ApplicationSetMetadata {
  finalizers?: string[];
  labels?: Record<string, string>;
  name?: string;
  namespace?: string;
}

export interface ApplicationSetParameters {
  forceString?: boolean;
  name?: string;
  value?: string;
}

export interface ApplicationSetPatches {
  options?: Record<string, boolean>;
  patch?: string;
  path?: string;
  target?: ApplicationSetTarget;
}

export interface ApplicationSetPlugin {
  env?: ApplicationSetInfo[];
  name?: string;
  parameters?: ApplicationSetPluginParameters[];
}

export interface ApplicationSetPluginParameters {
  array?: string[];
  map?: Record<string, string>;
  name?: string;
  string?: string;
}

export interface ApplicationSetPreservedFields {
  annotations?: string[];
  labels?: string[];
}

export interface ApplicationSetPullRequest {
  azuredevops?: ApplicationSetAzuredevops;
  bitbucket?: ApplicationSetBitbucket;
  bitbucketServer?: ApplicationSetBitbucketServer;
  continueOnRepoNotFoundError?: boolean;
  filters?: ApplicationSetFilters[];
  gitea?: ApplicationSetGitea;
  github?: ApplicationSetGithub;
  gitlab?: ApplicationSetGitlab;
  requeueAfterSeconds?: number;
  template?: ApplicationSetTemplate;
  values?: Record<string, string>;
}

export interface ApplicationSetReplicas {
  count: number | string;
  name: string;
}

export interface ApplicationSetResources {
  group?: string;
  health?: ApplicationSetHealth;
  hook?: boolean;
  kind?: string;
  name?: string;
  namespace?: string;
  requiresDeletionConfirmation?: boolean;
  requiresPruning?: boolean;
  status?: string;
  syncWave?: number;
  version?: string;
}

export interface ApplicationSetRetry {
  backoff?: ApplicationSetBackoff;
  limit?: number;
  refresh?: boolean;
}

export interface ApplicationSetRollingSync {
  steps?: ApplicationSetSteps[];
}

export interface ApplicationSetScmProvider {
  awsCodeCommit?: ApplicationSetAwsCodeCommit;
  azureDevOps?: ApplicationSetAzureDevOps;
  bitbucket?: ApplicationSetScmProviderBitbucket;
  bitbucketServer?: ApplicationSetScmProviderBitbucketServer;
  cloneProtocol?: string;
  filters?: ApplicationSetScmProviderFilters[];
  gitea?: ApplicationSetScmProviderGitea;
  github?: ApplicationSetScmProviderGithub;
  gitlab?: ApplicationSetScmProviderGitlab;
  requeueAfterSeconds?: number;
  template?: ApplicationSetTemplate;
  values?: Record<string, string>;
}

export interface ApplicationSetScmProviderBitbucket {
  allBranches?: boolean;
  appPasswordRef: ApplicationSetTokenRef;
  owner: string;
  user: string;
}

export interface ApplicationSetScmProviderBitbucketServer {
  allBranches?: boolean;
  api: string;
  basicAuth?: ApplicationSetBasicAuth;
  bearerToken?: ApplicationSetBearerToken;
  caRef?: ApplicationSetCaRef;
  insecure?: boolean;
  project: string;
}

export interface ApplicationSetScmProviderFilters {
  branchMatch?: string;
  labelMatch?: string;
  pathsDoNotExist?: string[];
  pathsExist?: string[];
  repositoryMatch?: string;
}

export interface ApplicationSetScmProviderGitea {
  allBranches?: boolean;
  api: string;
  excludeArchivedRepos?: boolean;
  insecure?: boolean;
  owner: string;
  tokenRef?: ApplicationSetTokenRef;
}

export interface ApplicationSetScmProviderGithub {
  allBranches?: boolean;
  api?: string;
  appSecretName?: string;
  excludeArchivedRepos?: boolean;
  organization: string;
  tokenRef?: ApplicationSetTokenRef;
}

export interface ApplicationSetScmProviderGitlab {
  allBranches?: boolean;
  api?: string;
  caRef?: ApplicationSetCaRef;
  group: string;
  includeArchivedRepos?: boolean;
  includeSharedProjects?: boolean;
  includeSubgroups?: boolean;
  insecure?: boolean;
  tokenRef?: ApplicationSetTokenRef;
  topic?: string;
}

export interface ApplicationSetSource {
  chart?: string;
  directory?: ApplicationSetDirectory;
  helm?: ApplicationSetHelm;
  kustomize?: ApplicationSetKustomize;
  name?: string;
  path?: string;
  plugin?: ApplicationSetPlugin;
  ref?: string;
  repoURL: string;
  tagPrefix?: string;
  targetRevision?: string;
}

export interface ApplicationSetSourceHydrator {
  drySource: ApplicationSetDrySource;
  hydrateTo?: ApplicationSetHydrateTo;
  syncSource: ApplicationSetSyncSource;
}

export interface ApplicationSetSpec {
  applyNestedSelectors?: boolean;
  generators: ApplicationSetGenerators[];
  goTemplate?: boolean;
  goTemplateOptions?: string[];
  ignoreApplicationDifferences?: ApplicationSetIgnoreApplicationDifferences[];
  preservedFields?: ApplicationSetPreservedFields;
  strategy?: ApplicationSetStrategy;
  syncPolicy?: ApplicationSetSpecSyncPolicy;
  template: ApplicationSetTemplate;
  templatePatch?: string;
}

export interface ApplicationSetSpecSyncPolicy {
  applicationsSync?: "create-only" | "create-update" | "create-delete" | "sync";
  preserveResourcesOnDeletion?: boolean;
}

export interface ApplicationSetStatus {
  applicationStatus?: ApplicationSetApplicationStatus[];
  conditions?: ApplicationSetConditions[];
  health?: ApplicationSetHealth;
  resources?: ApplicationSetResources[];
  resourcesCount?: number;
}

export interface ApplicationSetSteps {
  matchExpressions?: ApplicationSetStepsMatchExpressions[];
  maxUpdate?: number | string;
}

export interface ApplicationSetStepsMatchExpressions {
  key?: string;
  operator?: string;
  values?: string[];
}

export interface ApplicationSetStrategy {
  deletionOrder?: string;
  rollingSync?: ApplicationSetRollingSync;
  type?: string;
}

export interface ApplicationSetSyncPolicy {
  automated?: ApplicationSetAutomated;
  managedNamespaceMetadata?: ApplicationSetManagedNamespaceMetadata;
  retry?: ApplicationSetRetry;
  syncOptions?: string[];
}

export interface ApplicationSetSyncSource {
  path: string;
  repoURL?: string;
  targetBranch: string;
}

export interface ApplicationSetTagFilters {
  key: string;
  value?: string;
}

export interface ApplicationSetTarget {
  annotationSelector?: string;
  group?: string;
  kind?: string;
  labelSelector?: string;
  name?: string;
  namespace?: string;
  version?: string;
}

export interface ApplicationSetTemplate {
  metadata: ApplicationSetMetadata;
  spec: ApplicationSetTemplateSpec;
}

export interface ApplicationSetTemplateSpec {
  destination: ApplicationSetDestination;
  ignoreDifferences?: ApplicationSetIgnoreDifferences[];
  info?: ApplicationSetInfo[];
  project: string;
  revisionHistoryLimit?: number;
  source?: ApplicationSetSource;
  sourceHydrator?: ApplicationSetSourceHydrator;
  sources?: ApplicationSetSource[];
  syncPolicy?: ApplicationSetSyncPolicy;
}

export interface ApplicationSetTokenRef {
  key: string;
  secretName: string;
}
