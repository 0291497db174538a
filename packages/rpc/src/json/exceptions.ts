import { ROLLOUT_EXCEPTIONS } from "./exceptions-rollouts.ts";

/**
 * Where Argo CD's JSON differs from what its `.proto` files say, all of it. JSON has always been
 * made from Go types: a field held by value cannot be absent, one without `omitempty` is shown
 * even when empty, embedded structs stand among their parent's fields, some names are capitalised.
 *
 * What is not listed follows the rule: the name is the proto's; zeros, empty lists and unset
 * messages are left out; presence counts for messages everywhere and for scalars in the proto2
 * packages `application` and `notification`.
 */
export interface JsonExceptions {
  /** Proto name -> JSON name. */
  names?: Record<string, string>;
  /** Messages whose fields stand among the parent's. */
  inlined?: string[];
  /** Messages held by value: shown with their zeros when unset. */
  values?: string[];
  /** Shown although empty: `""`, `0`, `false`, and `null` for lists, maps and messages. */
  kept?: string[];
  /** Scalars that know absent from zero: `prune: false` stays. */
  pointers?: string[];
  /** Messages held by value but left out at zero. */
  omittedAtZero?: string[];
  /** Bytes that hold JSON, shown as that JSON. */
  raw?: string[];
}

const V1 = "github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1";
const META = "k8s.io.apimachinery.pkg.apis.meta.v1";

export const EXCEPTIONS: Readonly<Record<string, JsonExceptions>> = {
  ...ROLLOUT_EXCEPTIONS,
  "trireme.v1.StreamEvent": { raw: ["object"] },
  "trireme.v1.Measurement": { pointers: ["number"] },
  [`${META}.ShardInfo`]: { kept: ["selector"] },
  [`${META}.ListMeta`]: { pointers: ["remainingItemCount"] },
  [`${META}.OwnerReference`]: { kept: ["kind", "name", "uid", "apiVersion"], pointers: ["controller", "blockOwnerDeletion"] },
  [`${META}.ObjectMeta`]: { pointers: ["deletionGracePeriodSeconds"], omittedAtZero: ["creationTimestamp"] },
  [`${V1}.KustomizeReplica`]: { values: ["count"], kept: ["name"] },
  [`${V1}.KustomizeResId`]: { inlined: ["gvk"] },
  [`${V1}.KustomizeSelector`]: { inlined: ["resId"] },
  [`${V1}.JsonnetVar`]: { kept: ["name", "value"] },
  [`${V1}.ApplicationSourceDirectory`]: { omittedAtZero: ["jsonnet"] },
  [`${V1}.EnvEntry`]: { kept: ["name", "value"] },
  [`${V1}.ApplicationSourcePluginParameter`]: { kept: ["name"], pointers: ["string"] },
  [`${V1}.ApplicationSource`]: { kept: ["repoURL"] },
  [`${V1}.SyncPolicyAutomated`]: { pointers: ["prune", "selfHeal", "allowEmpty", "enabled"] },
  [`${V1}.Backoff`]: { pointers: ["factor"] },
  [`${V1}.ResourceIgnoreDifferences`]: { kept: ["kind"] },
  [`${V1}.Info`]: { kept: ["name", "value"] },
  [`${V1}.DrySource`]: { kept: ["repoURL", "targetRevision", "path"] },
  [`${V1}.SyncSource`]: { kept: ["targetBranch", "path"] },
  [`${V1}.HydrateTo`]: { kept: ["targetBranch"] },
  [`${V1}.SourceHydrator`]: { values: ["drySource", "syncSource"] },
  [`${V1}.ApplicationSpec`]: { values: ["destination"], kept: ["project"], pointers: ["revisionHistoryLimit"] },
  [`${V1}.ComparedTo`]: { values: ["source", "destination"] },
  [`${V1}.SyncStatus`]: { values: ["comparedTo"], kept: ["status"] },
  [`${V1}.RevisionHistory`]: { values: ["deployedAt", "source", "initiatedBy"], kept: ["id"] },
  [`${V1}.ApplicationCondition`]: { kept: ["type", "message"] },
  [`${V1}.SyncStrategyHook`]: { inlined: ["syncStrategyApply"] },
  [`${V1}.SyncOperationResource`]: { kept: ["kind", "name"] },
  [`${V1}.Operation`]: { values: ["initiatedBy", "retry"] },
  [`${V1}.ResourceResult`]: { kept: ["group", "version", "kind", "namespace", "name"] },
  [`${V1}.SyncOperationResult`]: { values: ["source"], kept: ["revision"] },
  [`${V1}.OperationState`]: { values: ["operation", "startedAt"], kept: ["phase"] },
  [`${V1}.SuccessfulHydrateOperation`]: { values: ["sourceHydrator"] },
  [`${V1}.HydrateOperation`]: { values: ["startedAt", "sourceHydrator"], kept: ["phase", "message"] },
  [`${V1}.ApplicationStatus`]: { values: ["sync", "health", "summary", "sourceHydrator"] },
  [`${V1}.Application`]: { values: ["metadata", "spec", "status"] },
  [`${V1}.ApplicationList`]: { values: ["metadata"], kept: ["items"] },
  "events.EventSeries": { values: ["lastObservedTime"] },
  "events.Event": { values: ["metadata", "involvedObject", "source", "firstTimestamp", "lastTimestamp", "eventTime"] },
  "events.EventList": { values: ["metadata"], kept: ["items"] },
  [`${V1}.ApplicationWatchEvent`]: { values: ["application"], kept: ["type"] },
  [`${V1}.SourceIntegrityCheckResultItem`]: { names: { name: "Name", problems: "Problems" }, kept: ["name", "problems"] },
  [`${V1}.SourceIntegrityCheckResult`]: { names: { checks: "Checks" }, kept: ["checks"] },
  [`${V1}.RevisionMetadata`]: { kept: ["date"] },
  "k8s.io.api.core.v1.PortStatus": { kept: ["port", "protocol"], pointers: ["error"] },
  "k8s.io.api.core.v1.LoadBalancerIngress": { pointers: ["ipMode"] },
  [`${V1}.ResourceNode`]: { inlined: ["resourceRef"] },
  "k8s.io.api.core.v1.NodeSwapStatus": { pointers: ["capacity"] },
  "k8s.io.api.core.v1.NodeSystemInfo": { kept: ["machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion", "kubeletVersion", "kubeProxyVersion", "operatingSystem", "architecture"] },
  [`${V1}.HostInfo`]: { values: ["systemInfo"] },
  [`${V1}.ConnectionState`]: { kept: ["status", "message", "attemptedAt"] },
  [`${V1}.Repository`]: { values: ["connectionState"], kept: ["repo"] },
  [`${V1}.ConfigManagementPlugin`]: { values: ["generate"], kept: ["name"] },
  [`${V1}.KustomizeVersion`]: { names: { name: "Name", path: "Path", buildOptions: "BuildOptions" }, kept: ["name", "path", "buildOptions"] },
  [`${V1}.KustomizeOptions`]: { names: { buildOptions: "BuildOptions", binaryPath: "BinaryPath", versions: "Versions" }, kept: ["buildOptions", "binaryPath", "versions"] },
  [`${V1}.RepoCreds`]: { kept: ["url"] },
  [`${V1}.HelmOptions`]: { names: { valuesFileSchemes: "ValuesFileSchemes" }, kept: ["valuesFileSchemes"] },
  [`${V1}.RefTarget`]: { names: { repo: "Repo", targetRevision: "TargetRevision", chart: "Chart" }, values: ["repo"], kept: ["targetRevision", "chart"] },
  [`${V1}.SourceIntegrityGitPolicyRepo`]: { kept: ["url"] },
  [`${V1}.SourceIntegrityGitPolicyGPG`]: { kept: ["mode", "keys"] },
  [`${V1}.SourceIntegrityGitPolicy`]: { kept: ["repos", "gpg"] },
  [`${V1}.SourceIntegrityGit`]: { kept: ["policies"] },
  [`${V1}.SourceIntegrity`]: { kept: ["git"] },
  [`${V1}.RepositoryList`]: { values: ["metadata"], kept: ["items"] },
  [`${V1}.ApplicationSetTemplate`]: { values: ["metadata", "spec"] },
  [`${V1}.ListGenerator`]: { values: ["template"], kept: ["elements"] },
  [`${META}.LabelSelectorRequirement`]: { kept: ["key", "operator"] },
  [`${V1}.ClusterGenerator`]: { values: ["selector", "template"] },
  [`${V1}.GitDirectoryGeneratorItem`]: { kept: ["path"] },
  [`${V1}.GitFileGeneratorItem`]: { kept: ["path"] },
  [`${V1}.GitGenerator`]: { values: ["template"], kept: ["repoURL", "revision"], pointers: ["requeueAfterSeconds"] },
  [`${V1}.SecretRef`]: { kept: ["secretName", "key"] },
  [`${V1}.SCMProviderGeneratorGithub`]: { kept: ["organization"] },
  [`${V1}.ConfigMapKeyRef`]: { kept: ["configMapName", "key"] },
  [`${V1}.SCMProviderGeneratorGitlab`]: { kept: ["group"], pointers: ["includeSharedProjects"] },
  [`${V1}.SCMProviderGeneratorBitbucket`]: { kept: ["owner", "user", "appPasswordRef"] },
  [`${V1}.BasicAuthBitbucketServer`]: { kept: ["username", "passwordRef"] },
  [`${V1}.BearerTokenBitbucket`]: { kept: ["tokenRef"] },
  [`${V1}.SCMProviderGeneratorBitbucketServer`]: { kept: ["project", "api"] },
  [`${V1}.SCMProviderGeneratorGitea`]: { kept: ["owner", "api"] },
  [`${V1}.SCMProviderGeneratorAzureDevOps`]: { kept: ["organization", "teamProject", "accessTokenRef"] },
  [`${V1}.SCMProviderGeneratorFilter`]: { pointers: ["repositoryMatch", "labelMatch", "branchMatch"] },
  [`${V1}.TagFilter`]: { kept: ["key"] },
  [`${V1}.SCMProviderGenerator`]: { values: ["template"], pointers: ["requeueAfterSeconds"] },
  [`${V1}.DuckTypeGenerator`]: { values: ["labelSelector", "template"], kept: ["configMapRef"], pointers: ["requeueAfterSeconds"] },
  [`${V1}.PullRequestGeneratorGithub`]: { kept: ["owner", "repo"] },
  [`${V1}.PullRequestGeneratorGitLab`]: { kept: ["project"] },
  [`${V1}.PullRequestGeneratorGitea`]: { kept: ["owner", "repo", "api"] },
  [`${V1}.PullRequestGeneratorBitbucketServer`]: { kept: ["project", "repo", "api"] },
  [`${V1}.PullRequestGeneratorFilter`]: { pointers: ["branchMatch", "targetBranchMatch", "titleMatch"] },
  [`${V1}.BearerTokenBitbucketCloud`]: { kept: ["tokenRef"] },
  [`${V1}.PullRequestGeneratorBitbucket`]: { kept: ["owner", "repo"] },
  [`${V1}.PullRequestGeneratorAzureDevOps`]: { kept: ["organization", "project", "repo"] },
  [`${V1}.PullRequestGenerator`]: { values: ["template"], pointers: ["requeueAfterSeconds"] },
  [`${V1}.PluginConfigMapRef`]: { kept: ["name"] },
  [`${V1}.PluginGenerator`]: { values: ["configMapRef", "input", "template"], pointers: ["requeueAfterSeconds"] },
  [`${V1}.MatrixGenerator`]: { values: ["template"], kept: ["generators"] },
  [`${V1}.MergeGenerator`]: { values: ["template"], kept: ["generators", "mergeKeys"] },
  [`${V1}.ApplicationSetSyncPolicy`]: { pointers: ["applicationsSync"] },
  [`${V1}.ApplicationSetSpec`]: { values: ["template"], kept: ["generators"], pointers: ["templatePatch"] },
  [`${V1}.ApplicationSetCondition`]: { kept: ["type", "message", "status", "reason"] },
  [`${V1}.ApplicationSetApplicationStatus`]: { names: { targetrevisions: "targetRevisions" }, kept: ["application", "message", "status", "step", "targetrevisions"] },
  [`${V1}.ApplicationSetStatus`]: { values: ["health"] },
  [`${V1}.ApplicationSet`]: { values: ["metadata", "spec", "status"] },
  [`${V1}.ApplicationSetList`]: { values: ["metadata"], kept: ["items"] },
  [`${V1}.ApplicationSetWatchEvent`]: { values: ["applicationSet"], kept: ["type"] },
  [`${V1}.RepositoryCertificate`]: { kept: ["serverName", "certType", "certSubType", "certData", "certInfo"] },
  [`${V1}.RepositoryCertificateList`]: { values: ["metadata"], kept: ["items"] },
  [`${V1}.TLSClientConfig`]: { kept: ["insecure"] },
  [`${V1}.ClusterConfig`]: { values: ["tlsClientConfig"] },
  [`${V1}.ClusterInfo`]: { values: ["connectionState", "cacheInfo"], kept: ["applicationsCount"] },
  [`${V1}.Cluster`]: { values: ["config", "connectionState", "info"], kept: ["server", "name"], pointers: ["shard"] },
  [`${V1}.ClusterList`]: { values: ["metadata"], kept: ["items"] },
  [`${V1}.OverrideIgnoreDiff`]: { names: { jSONPointers: "jsonPointers" }, kept: ["jSONPointers", "jqPathExpressions", "managedFieldsManagers"] },
  [`${V1}.GnuPGPublicKey`]: { kept: ["keyID"] },
  [`${V1}.GnuPGPublicKeyList`]: { values: ["metadata"], kept: ["items"] },
  [`${V1}.JWTToken`]: { kept: ["iat"] },
  [`${V1}.ProjectRole`]: { kept: ["name"] },
  [`${V1}.ClusterResourceRestrictionItem`]: { kept: ["group", "kind"] },
  [`${META}.GroupKind`]: { kept: ["group", "kind"] },
  [`${V1}.OrphanedResourcesMonitorSettings`]: { pointers: ["warn"] },
  [`${V1}.SignatureKey`]: { kept: ["keyID"] },
  [`${V1}.ApplicationDestinationServiceAccount`]: { kept: ["server", "defaultServiceAccount"] },
  [`${V1}.AppProject`]: { values: ["metadata", "spec", "status"] },
  [`${V1}.AppProjectList`]: { values: ["metadata"], kept: ["items"] },
  [`${V1}.RepoCredsList`]: { values: ["metadata"], kept: ["items"] },
};
