/** Written by packages/api/generate.mjs from the definition of analysisruns.argoproj.io; not to be changed by hand. */
import type { KubeObject } from "../kubernetes.ts";

export interface AnalysisRun extends KubeObject {
  apiVersion: "argoproj.io/v1alpha1";
  kind: "AnalysisRun";
  spec: AnalysisRunSpec;
  status?: AnalysisRunStatus;
}

export interface AnalysisRunAffinity {
  nodeAffinity?: AnalysisRunNodeAffinity;
  podAffinity?: AnalysisRunPodAffinity;
  podAntiAffinity?: AnalysisRunPodAffinity;
}

export interface AnalysisRunAppArmorProfile {
  localhostProfile?: string;
  type: string;
}

export interface AnalysisRunArgs {
  name: string;
  value?: string;
  valueFrom?: AnalysisRunValueFrom;
}

export interface AnalysisRunAuthentication {
  oauth2?: AnalysisRunOauth2;
  sigv4?: AnalysisRunSigv4;
}

export interface AnalysisRunCapabilities {
  add?: string[];
  drop?: string[];
}

export interface AnalysisRunClaims {
  name: string;
  request?: string;
}

export interface AnalysisRunCloudWatch {
  interval?: string;
  metricDataQueries: AnalysisRunMetricDataQueries[];
}

export interface AnalysisRunConfigMapKeyRef {
  key: string;
  name?: string;
  optional?: boolean;
}

export interface AnalysisRunConfigMapRef {
  name?: string;
  optional?: boolean;
}

export interface AnalysisRunContainers {
  args?: string[];
  command?: string[];
  env?: AnalysisRunEnv[];
  envFrom?: AnalysisRunEnvFrom[];
  image?: string;
  imagePullPolicy?: string;
  lifecycle?: AnalysisRunLifecycle;
  livenessProbe?: AnalysisRunLivenessProbe;
  name: string;
  ports?: AnalysisRunPorts[];
  readinessProbe?: AnalysisRunLivenessProbe;
  resizePolicy?: AnalysisRunResizePolicy[];
  resources?: AnalysisRunResources;
  restartPolicy?: string;
  restartPolicyRules?: AnalysisRunRestartPolicyRules[];
  securityContext?: AnalysisRunSecurityContext;
  startupProbe?: AnalysisRunLivenessProbe;
  stdin?: boolean;
  stdinOnce?: boolean;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  tty?: boolean;
  volumeDevices?: AnalysisRunVolumeDevices[];
  volumeMounts?: AnalysisRunVolumeMounts[];
  workingDir?: string;
}

export interface AnalysisRunControlScope {
  end?: string;
  region: string;
  scope: string;
  start?: string;
  step: number;
}

export interface AnalysisRunDatadog {
  aggregator?: "avg" | "min" | "max" | "sum" | "last" | "percentile" | "mean" | "l2norm" | "area";
  apiVersion?: "v1" | "v2";
  formula?: string;
  interval?: string;
  queries?: Record<string, string>;
  query?: string;
  secretRef?: AnalysisRunSecretRef;
}

export interface AnalysisRunDimensions {
  name?: string;
  value?: string;
}

export interface AnalysisRunDnsConfig {
  nameservers?: string[];
  options?: AnalysisRunDimensions[];
  searches?: string[];
}

export interface AnalysisRunDryRun {
  metricName: string;
}

export interface AnalysisRunDryRunSummary {
  count?: number;
  error?: number;
  failed?: number;
  inconclusive?: number;
  successful?: number;
}

export interface AnalysisRunEnv {
  name: string;
  value?: string;
  valueFrom?: AnalysisRunEnvValueFrom;
}

export interface AnalysisRunEnvFrom {
  configMapRef?: AnalysisRunConfigMapRef;
  prefix?: string;
  secretRef?: AnalysisRunConfigMapRef;
}

export interface AnalysisRunEnvValueFrom {
  configMapKeyRef?: AnalysisRunConfigMapKeyRef;
  fieldRef?: AnalysisRunValueFromFieldRef;
  fileKeyRef?: AnalysisRunFileKeyRef;
  resourceFieldRef?: AnalysisRunResourceFieldRef;
  secretKeyRef?: AnalysisRunConfigMapKeyRef;
}

export interface AnalysisRunEphemeralContainers {
  args?: string[];
  command?: string[];
  env?: AnalysisRunEnv[];
  envFrom?: AnalysisRunEnvFrom[];
  image?: string;
  imagePullPolicy?: string;
  lifecycle?: AnalysisRunLifecycle;
  livenessProbe?: AnalysisRunLivenessProbe;
  name: string;
  ports?: AnalysisRunPorts[];
  readinessProbe?: AnalysisRunLivenessProbe;
  resizePolicy?: AnalysisRunResizePolicy[];
  resources?: AnalysisRunResources;
  restartPolicy?: string;
  restartPolicyRules?: AnalysisRunRestartPolicyRules[];
  securityContext?: AnalysisRunSecurityContext;
  startupProbe?: AnalysisRunLivenessProbe;
  stdin?: boolean;
  stdinOnce?: boolean;
  targetContainerName?: string;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  tty?: boolean;
  volumeDevices?: AnalysisRunVolumeDevices[];
  volumeMounts?: AnalysisRunVolumeMounts[];
  workingDir?: string;
}

export interface AnalysisRunExec {
  command?: string[];
}

export interface AnalysisRunExitCodes {
  operator: string;
  values?: number[];
}

export interface AnalysisRunFieldRef {
  fieldPath: string;
}

export interface AnalysisRunFileKeyRef {
  key: string;
  optional?: boolean;
  path: string;
  volumeName: string;
}

export interface AnalysisRunGraphite {
  address?: string;
  query?: string;
}

export interface AnalysisRunGrpc {
  port: number;
  service?: string;
}

export interface AnalysisRunHeaders {
  key: string;
  value: string;
}

export interface AnalysisRunHostAliases {
  hostnames?: string[];
  ip: string;
}

export interface AnalysisRunHttpGet {
  host?: string;
  httpHeaders?: AnalysisRunHttpHeaders[];
  path?: string;
  port: number | string;
  scheme?: string;
}

export interface AnalysisRunHttpHeaders {
  name: string;
  value: string;
}

export interface AnalysisRunImagePullSecrets {
  name?: string;
}

export interface AnalysisRunInfluxdb {
  profile?: string;
  query?: string;
}

export interface AnalysisRunJob {
  metadata?: AnalysisRunMetadata;
  spec: AnalysisRunJobSpec;
}

export interface AnalysisRunJobSpec {
  activeDeadlineSeconds?: number;
  backoffLimit?: number;
  backoffLimitPerIndex?: number;
  completionMode?: string;
  completions?: number;
  managedBy?: string;
  manualSelector?: boolean;
  maxFailedIndexes?: number;
  parallelism?: number;
  podFailurePolicy?: AnalysisRunPodFailurePolicy;
  podReplacementPolicy?: string;
  selector?: AnalysisRunSelector;
  successPolicy?: AnalysisRunSuccessPolicy;
  suspend?: boolean;
  template: AnalysisRunTemplate;
  ttlSecondsAfterFinished?: number;
}

export interface AnalysisRunKayenta {
  address: string;
  application: string;
  canaryConfigName: string;
  configurationAccountName: string;
  lookback?: boolean;
  metricsAccountName: string;
  scopes: AnalysisRunScopes[];
  storageAccountName: string;
  threshold: AnalysisRunThreshold;
}

export interface AnalysisRunLifecycle {
  postStart?: AnalysisRunPostStart;
  preStop?: AnalysisRunPostStart;
  stopSignal?: string;
}

export interface AnalysisRunLivenessProbe {
  exec?: AnalysisRunExec;
  failureThreshold?: number;
  grpc?: AnalysisRunGrpc;
  httpGet?: AnalysisRunHttpGet;
  initialDelaySeconds?: number;
  periodSeconds?: number;
  successThreshold?: number;
  tcpSocket?: AnalysisRunTcpSocket;
  terminationGracePeriodSeconds?: number;
  timeoutSeconds?: number;
}

export interface AnalysisRunMatchExpressions {
  key: string;
  operator: string;
  values?: string[];
}

export interface AnalysisRunMeasurementRetention {
  limit: number;
  metricName: string;
}

export interface AnalysisRunMeasurements {
  finishedAt?: string;
  message?: string;
  metadata?: Record<string, string>;
  phase: string;
  resumeAt?: string;
  startedAt?: string;
  value?: string;
}

export interface AnalysisRunMetadata {
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

export interface AnalysisRunMetric {
  dimensions?: AnalysisRunDimensions[];
  metricName?: string;
  namespace?: string;
}

export interface AnalysisRunMetricDataQueries {
  expression?: string;
  id?: string;
  label?: string;
  metricStat?: AnalysisRunMetricStat;
  period?: number | string;
  returnData?: boolean;
}

export interface AnalysisRunMetricResults {
  consecutiveError?: number;
  consecutiveSuccess?: number;
  count?: number;
  dryRun?: boolean;
  error?: number;
  failed?: number;
  inconclusive?: number;
  measurements?: AnalysisRunMeasurements[];
  message?: string;
  metadata?: Record<string, string>;
  name: string;
  phase: string;
  successful?: number;
}

export interface AnalysisRunMetricStat {
  metric?: AnalysisRunMetric;
  period?: number | string;
  stat?: string;
  unit?: string;
}

export interface AnalysisRunMetrics {
  consecutiveErrorLimit?: number | string;
  consecutiveSuccessLimit?: number | string;
  count?: number | string;
  failureCondition?: string;
  failureLimit?: number | string;
  inconclusiveLimit?: number | string;
  initialDelay?: string;
  interval?: string;
  name: string;
  provider: AnalysisRunProvider;
  successCondition?: string;
}

export interface AnalysisRunNewRelic {
  profile?: string;
  query: string;
  timeout?: number;
}

export interface AnalysisRunNodeAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: AnalysisRunPreferredDuringSchedulingIgnoredDuringExecution[];
  requiredDuringSchedulingIgnoredDuringExecution?: AnalysisRunRequiredDuringSchedulingIgnoredDuringExecution;
}

export interface AnalysisRunOauth2 {
  clientId?: string;
  clientSecret?: string;
  scopes?: string[];
  tokenUrl?: string;
}

export interface AnalysisRunOnExitCodes {
  containerName?: string;
  operator: string;
  values: number[];
}

export interface AnalysisRunOnPodConditions {
  status: string;
  type: string;
}

export interface AnalysisRunOs {
  name: string;
}

export interface AnalysisRunPodAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: AnalysisRunPodAffinityPreferredDuringSchedulingIgnoredDuringExecution[];
  requiredDuringSchedulingIgnoredDuringExecution?: AnalysisRunPodAffinityTerm[];
}

export interface AnalysisRunPodAffinityPreferredDuringSchedulingIgnoredDuringExecution {
  podAffinityTerm: AnalysisRunPodAffinityTerm;
  weight: number;
}

export interface AnalysisRunPodAffinityTerm {
  labelSelector?: AnalysisRunSelector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
  namespaceSelector?: AnalysisRunSelector;
  namespaces?: string[];
  topologyKey: string;
}

export interface AnalysisRunPodFailurePolicy {
  rules: AnalysisRunRules[];
}

export interface AnalysisRunPorts {
  containerPort: number;
  hostIP?: string;
  hostPort?: number;
  name?: string;
  protocol?: string;
}

export interface AnalysisRunPostStart {
  exec?: AnalysisRunExec;
  httpGet?: AnalysisRunHttpGet;
  sleep?: AnalysisRunSleep;
  tcpSocket?: AnalysisRunTcpSocket;
}

export interface AnalysisRunPreference {
  matchExpressions?: AnalysisRunMatchExpressions[];
  matchFields?: AnalysisRunMatchExpressions[];
}

export interface AnalysisRunPreferredDuringSchedulingIgnoredDuringExecution {
  preference: AnalysisRunPreference;
  weight: number;
}

export interface AnalysisRunPrometheus {
  address?: string;
  authentication?: AnalysisRunAuthentication;
  headers?: AnalysisRunHeaders[];
  insecure?: boolean;
  query?: string;
  rangeQuery?: AnalysisRunRangeQuery;
  timeout?: number;
}

export interface AnalysisRunProvider {
  cloudWatch?: AnalysisRunCloudWatch;
  datadog?: AnalysisRunDatadog;
  graphite?: AnalysisRunGraphite;
  influxdb?: AnalysisRunInfluxdb;
  job?: AnalysisRunJob;
  kayenta?: AnalysisRunKayenta;
  newRelic?: AnalysisRunNewRelic;
  plugin?: Record<string, any>;
  prometheus?: AnalysisRunPrometheus;
  skywalking?: AnalysisRunSkywalking;
  wavefront?: AnalysisRunGraphite;
  web?: AnalysisRunWeb;
}

export interface AnalysisRunRangeQuery {
  end?: string;
  start?: string;
  step?: string;
}

export interface AnalysisRunReadinessGates {
  conditionType: string;
}

export interface AnalysisRunRequiredDuringSchedulingIgnoredDuringExecution {
  nodeSelectorTerms: AnalysisRunPreference[];
}

export interface AnalysisRunResizePolicy {
  resourceName: string;
  restartPolicy: string;
}

export interface AnalysisRunResourceClaims {
  name: string;
  resourceClaimName?: string;
  resourceClaimTemplateName?: string;
}

export interface AnalysisRunResourceFieldRef {
  containerName?: string;
  divisor?: number | string;
  resource: string;
}

export interface AnalysisRunResources {
  claims?: AnalysisRunClaims[];
  limits?: any;
  requests?: any;
}

export interface AnalysisRunRestartPolicyRules {
  action: string;
  exitCodes?: AnalysisRunExitCodes;
}

export interface AnalysisRunRules {
  action: string;
  onExitCodes?: AnalysisRunOnExitCodes;
  onPodConditions?: AnalysisRunOnPodConditions[];
}

export interface AnalysisRunScopes {
  controlScope: AnalysisRunControlScope;
  experimentScope: AnalysisRunControlScope;
  name: string;
}

export interface AnalysisRunSeLinuxOptions {
  level?: string;
  role?: string;
  type?: string;
  user?: string;
}

export interface AnalysisRunSecretKeyRef {
  key: string;
  name: string;
}

export interface AnalysisRunSecretRef {
  name?: string;
  namespaced?: boolean;
}

export interface AnalysisRunSecurityContext {
  allowPrivilegeEscalation?: boolean;
  appArmorProfile?: AnalysisRunAppArmorProfile;
  capabilities?: AnalysisRunCapabilities;
  privileged?: boolean;
  procMount?: string;
  readOnlyRootFilesystem?: boolean;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seLinuxOptions?: AnalysisRunSeLinuxOptions;
  seccompProfile?: AnalysisRunAppArmorProfile;
  windowsOptions?: AnalysisRunWindowsOptions;
}

export interface AnalysisRunSelector {
  matchExpressions?: AnalysisRunMatchExpressions[];
  matchLabels?: Record<string, string>;
}

export interface AnalysisRunSigv4 {
  profile?: string;
  region?: string;
  roleArn?: string;
}

export interface AnalysisRunSkywalking {
  address?: string;
  interval?: string;
  query?: string;
}

export interface AnalysisRunSleep {
  seconds: number;
}

export interface AnalysisRunSpec {
  args?: AnalysisRunArgs[];
  dryRun?: AnalysisRunDryRun[];
  measurementRetention?: AnalysisRunMeasurementRetention[];
  metrics: AnalysisRunMetrics[];
  terminate?: boolean;
  ttlStrategy?: AnalysisRunTtlStrategy;
}

export interface AnalysisRunSpecResources {
  claims?: AnalysisRunClaims[];
  limits?: Record<string, number | string>;
  requests?: Record<string, number | string>;
}

export interface AnalysisRunSpecSecurityContext {
  appArmorProfile?: AnalysisRunAppArmorProfile;
  fsGroup?: number;
  fsGroupChangePolicy?: string;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seLinuxChangePolicy?: string;
  seLinuxOptions?: AnalysisRunSeLinuxOptions;
  seccompProfile?: AnalysisRunAppArmorProfile;
  supplementalGroups?: number[];
  supplementalGroupsPolicy?: string;
  sysctls?: AnalysisRunHttpHeaders[];
  windowsOptions?: AnalysisRunWindowsOptions;
}

export interface AnalysisRunStatus {
  completedAt?: string;
  dryRunSummary?: AnalysisRunDryRunSummary;
  message?: string;
  metricResults?: AnalysisRunMetricResults[];
  phase: string;
  runSummary?: AnalysisRunDryRunSummary;
  startedAt?: string;
}

export interface AnalysisRunSuccessPolicy {
  rules: AnalysisRunSuccessPolicyRules[];
}

export interface AnalysisRunSuccessPolicyRules {
  succeededCount?: number;
  succeededIndexes?: string;
}

export interface AnalysisRunTcpSocket {
  host?: string;
  port: number | string;
}

export interface AnalysisRunTemplate {
  metadata?: AnalysisRunMetadata;
  spec?: AnalysisRunTemplateSpec;
}

export interface AnalysisRunTemplateSpec {
  activeDeadlineSeconds?: number;
  affinity?: AnalysisRunAffinity;
  automountServiceAccountToken?: boolean;
  containers: AnalysisRunContainers[];
  dnsConfig?: AnalysisRunDnsConfig;
  dnsPolicy?: string;
  enableServiceLinks?: boolean;
  ephemeralContainers?: AnalysisRunEphemeralContainers[];
  hostAliases?: AnalysisRunHostAliases[];
  hostIPC?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostUsers?: boolean;
  hostname?: string;
  hostnameOverride?: string;
  imagePullSecrets?: AnalysisRunImagePullSecrets[];
  initContainers?: AnalysisRunContainers[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  os?: AnalysisRunOs;
  overhead?: Record<string, number | string>;
  preemptionPolicy?: string;
  priority?: number;
  priorityClassName?: string;
  readinessGates?: AnalysisRunReadinessGates[];
  resourceClaims?: AnalysisRunResourceClaims[];
  resources?: AnalysisRunSpecResources;
  restartPolicy?: string;
  runtimeClassName?: string;
  schedulerName?: string;
  schedulingGates?: AnalysisRunOs[];
  securityContext?: AnalysisRunSpecSecurityContext;
  serviceAccount?: string;
  serviceAccountName?: string;
  setHostnameAsFQDN?: boolean;
  shareProcessNamespace?: boolean;
  subdomain?: string;
  terminationGracePeriodSeconds?: number;
  tolerations?: AnalysisRunTolerations[];
  topologySpreadConstraints?: AnalysisRunTopologySpreadConstraints[];
  volumes?: any;
}

export interface AnalysisRunThreshold {
  marginal: number;
  pass: number;
}

export interface AnalysisRunTolerations {
  effect?: string;
  key?: string;
  operator?: string;
  tolerationSeconds?: number;
  value?: string;
}

export interface AnalysisRunTopologySpreadConstraints {
  labelSelector?: AnalysisRunSelector;
  matchLabelKeys?: string[];
  maxSkew: number;
  minDomains?: number;
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
  topologyKey: string;
  whenUnsatisfiable: string;
}

export interface AnalysisRunTtlStrategy {
  secondsAfterCompletion?: number;
  secondsAfterFailure?: number;
  secondsAfterSuccess?: number;
}

export interface AnalysisRunValueFrom {
  fieldRef?: AnalysisRunFieldRef;
  secretKeyRef?: AnalysisRunSecretKeyRef;
}

export interface AnalysisRunValueFromFieldRef {
  apiVersion?: string;
  fieldPath: string;
}

export interface AnalysisRunVolumeDevices {
  devicePath: string;
  name: string;
}

export interface AnalysisRunVolumeMounts {
  mountPath: string;
  mountPropagation?: string;
  name: string;
  readOnly?: boolean;
  recursiveReadOnly?: string;
  subPath?: string;
  subPathExpr?: string;
}

export interface AnalysisRunWeb {
  authentication?: AnalysisRunAuthentication;
  body?: string;
  headers?: AnalysisRunHeaders[];
  insecure?: boolean;
  jsonBody?: Record<string, any>;
  jsonPath?: string;
  method?: string;
  timeoutSeconds?: number;
  url: string;
}

export interface AnalysisRunWindowsOptions {
  gmsaCredentialSpec?: string;
  gmsaCredentialSpecName?: string;
  hostProcess?: boolean;
  runAsUserName?: string;
}
