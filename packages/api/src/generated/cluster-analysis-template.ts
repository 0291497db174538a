/** Written by packages/api/generate.mjs from the definition of clusteranalysistemplates.argoproj.io; not to be changed by hand. */
import type { KubeObject } from "../kubernetes.ts";

export interface ClusterAnalysisTemplate extends KubeObject {
  apiVersion: "argoproj.io/v1alpha1";
  kind: "ClusterAnalysisTemplate";
  spec: ClusterAnalysisTemplateSpec;
}

export interface ClusterAnalysisTemplateAffinity {
  nodeAffinity?: ClusterAnalysisTemplateNodeAffinity;
  podAffinity?: ClusterAnalysisTemplatePodAffinity;
  podAntiAffinity?: ClusterAnalysisTemplatePodAffinity;
}

export interface ClusterAnalysisTemplateAppArmorProfile {
  localhostProfile?: string;
  type: string;
}

export interface ClusterAnalysisTemplateArgs {
  name: string;
  value?: string;
  valueFrom?: ClusterAnalysisTemplateValueFrom;
}

export interface ClusterAnalysisTemplateAuthentication {
  oauth2?: ClusterAnalysisTemplateOauth2;
  sigv4?: ClusterAnalysisTemplateSigv4;
}

export interface ClusterAnalysisTemplateCapabilities {
  add?: string[];
  drop?: string[];
}

export interface ClusterAnalysisTemplateClaims {
  name: string;
  request?: string;
}

export interface ClusterAnalysisTemplateCloudWatch {
  interval?: string;
  metricDataQueries: ClusterAnalysisTemplateMetricDataQueries[];
}

export interface ClusterAnalysisTemplateConfigMapKeyRef {
  key: string;
  name?: string;
  optional?: boolean;
}

export interface ClusterAnalysisTemplateConfigMapRef {
  name?: string;
  optional?: boolean;
}

export interface ClusterAnalysisTemplateContainers {
  args?: string[];
  command?: string[];
  env?: ClusterAnalysisTemplateEnv[];
  envFrom?: ClusterAnalysisTemplateEnvFrom[];
  image?: string;
  imagePullPolicy?: string;
  lifecycle?: ClusterAnalysisTemplateLifecycle;
  livenessProbe?: ClusterAnalysisTemplateLivenessProbe;
  name: string;
  ports?: ClusterAnalysisTemplatePorts[];
  readinessProbe?: ClusterAnalysisTemplateLivenessProbe;
  resizePolicy?: ClusterAnalysisTemplateResizePolicy[];
  resources?: ClusterAnalysisTemplateResources;
  restartPolicy?: string;
  restartPolicyRules?: ClusterAnalysisTemplateRestartPolicyRules[];
  securityContext?: ClusterAnalysisTemplateSecurityContext;
  startupProbe?: ClusterAnalysisTemplateLivenessProbe;
  stdin?: boolean;
  stdinOnce?: boolean;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  tty?: boolean;
  volumeDevices?: ClusterAnalysisTemplateVolumeDevices[];
  volumeMounts?: ClusterAnalysisTemplateVolumeMounts[];
  workingDir?: string;
}

export interface ClusterAnalysisTemplateControlScope {
  end?: string;
  region: string;
  scope: string;
  start?: string;
  step: number;
}

export interface ClusterAnalysisTemplateDatadog {
  aggregator?: "avg" | "min" | "max" | "sum" | "last" | "percentile" | "mean" | "l2norm" | "area";
  apiVersion?: "v1" | "v2";
  formula?: string;
  interval?: string;
  queries?: Record<string, string>;
  query?: string;
  secretRef?: ClusterAnalysisTemplateSecretRef;
}

export interface ClusterAnalysisTemplateDimensions {
  name?: string;
  value?: string;
}

export interface ClusterAnalysisTemplateDnsConfig {
  nameservers?: string[];
  options?: ClusterAnalysisTemplateDimensions[];
  searches?: string[];
}

export interface ClusterAnalysisTemplateDryRun {
  metricName: string;
}

export interface ClusterAnalysisTemplateEnv {
  name: string;
  value?: string;
  valueFrom?: ClusterAnalysisTemplateEnvValueFrom;
}

export interface ClusterAnalysisTemplateEnvFrom {
  configMapRef?: ClusterAnalysisTemplateConfigMapRef;
  prefix?: string;
  secretRef?: ClusterAnalysisTemplateConfigMapRef;
}

export interface ClusterAnalysisTemplateEnvValueFrom {
  configMapKeyRef?: ClusterAnalysisTemplateConfigMapKeyRef;
  fieldRef?: ClusterAnalysisTemplateValueFromFieldRef;
  fileKeyRef?: ClusterAnalysisTemplateFileKeyRef;
  resourceFieldRef?: ClusterAnalysisTemplateResourceFieldRef;
  secretKeyRef?: ClusterAnalysisTemplateConfigMapKeyRef;
}

export interface ClusterAnalysisTemplateEphemeralContainers {
  args?: string[];
  command?: string[];
  env?: ClusterAnalysisTemplateEnv[];
  envFrom?: ClusterAnalysisTemplateEnvFrom[];
  image?: string;
  imagePullPolicy?: string;
  lifecycle?: ClusterAnalysisTemplateLifecycle;
  livenessProbe?: ClusterAnalysisTemplateLivenessProbe;
  name: string;
  ports?: ClusterAnalysisTemplatePorts[];
  readinessProbe?: ClusterAnalysisTemplateLivenessProbe;
  resizePolicy?: ClusterAnalysisTemplateResizePolicy[];
  resources?: ClusterAnalysisTemplateResources;
  restartPolicy?: string;
  restartPolicyRules?: ClusterAnalysisTemplateRestartPolicyRules[];
  securityContext?: ClusterAnalysisTemplateSecurityContext;
  startupProbe?: ClusterAnalysisTemplateLivenessProbe;
  stdin?: boolean;
  stdinOnce?: boolean;
  targetContainerName?: string;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  tty?: boolean;
  volumeDevices?: ClusterAnalysisTemplateVolumeDevices[];
  volumeMounts?: ClusterAnalysisTemplateVolumeMounts[];
  workingDir?: string;
}

export interface ClusterAnalysisTemplateExec {
  command?: string[];
}

export interface ClusterAnalysisTemplateExitCodes {
  operator: string;
  values?: number[];
}

export interface ClusterAnalysisTemplateFieldRef {
  fieldPath: string;
}

export interface ClusterAnalysisTemplateFileKeyRef {
  key: string;
  optional?: boolean;
  path: string;
  volumeName: string;
}

export interface ClusterAnalysisTemplateGraphite {
  address?: string;
  query?: string;
}

export interface ClusterAnalysisTemplateGrpc {
  port: number;
  service?: string;
}

export interface ClusterAnalysisTemplateHeaders {
  key: string;
  value: string;
}

export interface ClusterAnalysisTemplateHostAliases {
  hostnames?: string[];
  ip: string;
}

export interface ClusterAnalysisTemplateHttpGet {
  host?: string;
  httpHeaders?: ClusterAnalysisTemplateHttpHeaders[];
  path?: string;
  port: number | string;
  scheme?: string;
}

export interface ClusterAnalysisTemplateHttpHeaders {
  name: string;
  value: string;
}

export interface ClusterAnalysisTemplateImagePullSecrets {
  name?: string;
}

export interface ClusterAnalysisTemplateInfluxdb {
  profile?: string;
  query?: string;
}

export interface ClusterAnalysisTemplateJob {
  metadata?: ClusterAnalysisTemplateMetadata;
  spec: ClusterAnalysisTemplateJobSpec;
}

export interface ClusterAnalysisTemplateJobSpec {
  activeDeadlineSeconds?: number;
  backoffLimit?: number;
  backoffLimitPerIndex?: number;
  completionMode?: string;
  completions?: number;
  managedBy?: string;
  manualSelector?: boolean;
  maxFailedIndexes?: number;
  parallelism?: number;
  podFailurePolicy?: ClusterAnalysisTemplatePodFailurePolicy;
  podReplacementPolicy?: string;
  selector?: ClusterAnalysisTemplateSelector;
  successPolicy?: ClusterAnalysisTemplateSuccessPolicy;
  suspend?: boolean;
  template: ClusterAnalysisTemplateTemplate;
  ttlSecondsAfterFinished?: number;
}

export interface ClusterAnalysisTemplateKayenta {
  address: string;
  application: string;
  canaryConfigName: string;
  configurationAccountName: string;
  lookback?: boolean;
  metricsAccountName: string;
  scopes: ClusterAnalysisTemplateScopes[];
  storageAccountName: string;
  threshold: ClusterAnalysisTemplateThreshold;
}

export interface ClusterAnalysisTemplateLifecycle {
  postStart?: ClusterAnalysisTemplatePostStart;
  preStop?: ClusterAnalysisTemplatePostStart;
  stopSignal?: string;
}

export interface ClusterAnalysisTemplateLivenessProbe {
  exec?: ClusterAnalysisTemplateExec;
  failureThreshold?: number;
  grpc?: ClusterAnalysisTemplateGrpc;
  httpGet?: ClusterAnalysisTemplateHttpGet;
  initialDelaySeconds?: number;
  periodSeconds?: number;
  successThreshold?: number;
  tcpSocket?: ClusterAnalysisTemplateTcpSocket;
  terminationGracePeriodSeconds?: number;
  timeoutSeconds?: number;
}

export interface ClusterAnalysisTemplateMatchExpressions {
  key: string;
  operator: string;
  values?: string[];
}

export interface ClusterAnalysisTemplateMeasurementRetention {
  limit: number;
  metricName: string;
}

export interface ClusterAnalysisTemplateMetadata {
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

export interface ClusterAnalysisTemplateMetric {
  dimensions?: ClusterAnalysisTemplateDimensions[];
  metricName?: string;
  namespace?: string;
}

export interface ClusterAnalysisTemplateMetricDataQueries {
  expression?: string;
  id?: string;
  label?: string;
  metricStat?: ClusterAnalysisTemplateMetricStat;
  period?: number | string;
  returnData?: boolean;
}

export interface ClusterAnalysisTemplateMetricStat {
  metric?: ClusterAnalysisTemplateMetric;
  period?: number | string;
  stat?: string;
  unit?: string;
}

export interface ClusterAnalysisTemplateMetrics {
  consecutiveErrorLimit?: number | string;
  consecutiveSuccessLimit?: number | string;
  count?: number | string;
  failureCondition?: string;
  failureLimit?: number | string;
  inconclusiveLimit?: number | string;
  initialDelay?: string;
  interval?: string;
  name: string;
  provider: ClusterAnalysisTemplateProvider;
  successCondition?: string;
}

export interface ClusterAnalysisTemplateNewRelic {
  profile?: string;
  query: string;
  timeout?: number;
}

export interface ClusterAnalysisTemplateNodeAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: ClusterAnalysisTemplatePreferredDuringSchedulingIgnoredDuringExecution[];
  requiredDuringSchedulingIgnoredDuringExecution?: ClusterAnalysisTemplateRequiredDuringSchedulingIgnoredDuringExecution;
}

export interface ClusterAnalysisTemplateOauth2 {
  clientId?: string;
  clientSecret?: string;
  scopes?: string[];
  tokenUrl?: string;
}

export interface ClusterAnalysisTemplateOnExitCodes {
  containerName?: string;
  operator: string;
  values: number[];
}

export interface ClusterAnalysisTemplateOnPodConditions {
  status: string;
  type: string;
}

export interface ClusterAnalysisTemplateOs {
  name: string;
}

export interface ClusterAnalysisTemplatePodAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: ClusterAnalysisTemplatePodAffinityPreferredDuringSchedulingIgnoredDuringExecution[];
  requiredDuringSchedulingIgnoredDuringExecution?: ClusterAnalysisTemplatePodAffinityTerm[];
}

export interface ClusterAnalysisTemplatePodAffinityPreferredDuringSchedulingIgnoredDuringExecution {
  podAffinityTerm: ClusterAnalysisTemplatePodAffinityTerm;
  weight: number;
}

export interface ClusterAnalysisTemplatePodAffinityTerm {
  labelSelector?: ClusterAnalysisTemplateSelector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
  namespaceSelector?: ClusterAnalysisTemplateSelector;
  namespaces?: string[];
  topologyKey: string;
}

export interface ClusterAnalysisTemplatePodFailurePolicy {
  rules: ClusterAnalysisTemplateRules[];
}

export interface ClusterAnalysisTemplatePorts {
  containerPort: number;
  hostIP?: string;
  hostPort?: number;
  name?: string;
  protocol?: string;
}

export interface ClusterAnalysisTemplatePostStart {
  exec?: ClusterAnalysisTemplateExec;
  httpGet?: ClusterAnalysisTemplateHttpGet;
  sleep?: ClusterAnalysisTemplateSleep;
  tcpSocket?: ClusterAnalysisTemplateTcpSocket;
}

export interface ClusterAnalysisTemplatePreference {
  matchExpressions?: ClusterAnalysisTemplateMatchExpressions[];
  matchFields?: ClusterAnalysisTemplateMatchExpressions[];
}

export interface ClusterAnalysisTemplatePreferredDuringSchedulingIgnoredDuringExecution {
  preference: ClusterAnalysisTemplatePreference;
  weight: number;
}

export interface ClusterAnalysisTemplatePrometheus {
  address?: string;
  authentication?: ClusterAnalysisTemplateAuthentication;
  headers?: ClusterAnalysisTemplateHeaders[];
  insecure?: boolean;
  query?: string;
  rangeQuery?: ClusterAnalysisTemplateRangeQuery;
  timeout?: number;
}

export interface ClusterAnalysisTemplateProvider {
  cloudWatch?: ClusterAnalysisTemplateCloudWatch;
  datadog?: ClusterAnalysisTemplateDatadog;
  graphite?: ClusterAnalysisTemplateGraphite;
  influxdb?: ClusterAnalysisTemplateInfluxdb;
  job?: ClusterAnalysisTemplateJob;
  kayenta?: ClusterAnalysisTemplateKayenta;
  newRelic?: ClusterAnalysisTemplateNewRelic;
  plugin?: Record<string, any>;
  prometheus?: ClusterAnalysisTemplatePrometheus;
  skywalking?: ClusterAnalysisTemplateSkywalking;
  wavefront?: ClusterAnalysisTemplateGraphite;
  web?: ClusterAnalysisTemplateWeb;
}

export interface ClusterAnalysisTemplateRangeQuery {
  end?: string;
  start?: string;
  step?: string;
}

export interface ClusterAnalysisTemplateReadinessGates {
  conditionType: string;
}

export interface ClusterAnalysisTemplateRequiredDuringSchedulingIgnoredDuringExecution {
  nodeSelectorTerms: ClusterAnalysisTemplatePreference[];
}

export interface ClusterAnalysisTemplateResizePolicy {
  resourceName: string;
  restartPolicy: string;
}

export interface ClusterAnalysisTemplateResourceClaims {
  name: string;
  resourceClaimName?: string;
  resourceClaimTemplateName?: string;
}

export interface ClusterAnalysisTemplateResourceFieldRef {
  containerName?: string;
  divisor?: number | string;
  resource: string;
}

export interface ClusterAnalysisTemplateResources {
  claims?: ClusterAnalysisTemplateClaims[];
  limits?: any;
  requests?: any;
}

export interface ClusterAnalysisTemplateRestartPolicyRules {
  action: string;
  exitCodes?: ClusterAnalysisTemplateExitCodes;
}

export interface ClusterAnalysisTemplateRules {
  action: string;
  onExitCodes?: ClusterAnalysisTemplateOnExitCodes;
  onPodConditions?: ClusterAnalysisTemplateOnPodConditions[];
}

export interface ClusterAnalysisTemplateScopes {
  controlScope: ClusterAnalysisTemplateControlScope;
  experimentScope: ClusterAnalysisTemplateControlScope;
  name: string;
}

export interface ClusterAnalysisTemplateSeLinuxOptions {
  level?: string;
  role?: string;
  type?: string;
  user?: string;
}

export interface ClusterAnalysisTemplateSecretKeyRef {
  key: string;
  name: string;
}

export interface ClusterAnalysisTemplateSecretRef {
  name?: string;
  namespaced?: boolean;
}

export interface ClusterAnalysisTemplateSecurityContext {
  allowPrivilegeEscalation?: boolean;
  appArmorProfile?: ClusterAnalysisTemplateAppArmorProfile;
  capabilities?: ClusterAnalysisTemplateCapabilities;
  privileged?: boolean;
  procMount?: string;
  readOnlyRootFilesystem?: boolean;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seLinuxOptions?: ClusterAnalysisTemplateSeLinuxOptions;
  seccompProfile?: ClusterAnalysisTemplateAppArmorProfile;
  windowsOptions?: ClusterAnalysisTemplateWindowsOptions;
}

export interface ClusterAnalysisTemplateSelector {
  matchExpressions?: ClusterAnalysisTemplateMatchExpressions[];
  matchLabels?: Record<string, string>;
}

export interface ClusterAnalysisTemplateSigv4 {
  profile?: string;
  region?: string;
  roleArn?: string;
}

export interface ClusterAnalysisTemplateSkywalking {
  address?: string;
  interval?: string;
  query?: string;
}

export interface ClusterAnalysisTemplateSleep {
  seconds: number;
}

export interface ClusterAnalysisTemplateSpec {
  args?: ClusterAnalysisTemplateArgs[];
  dryRun?: ClusterAnalysisTemplateDryRun[];
  measurementRetention?: ClusterAnalysisTemplateMeasurementRetention[];
  metrics?: ClusterAnalysisTemplateMetrics[];
  templates?: ClusterAnalysisTemplateTemplates[];
}

export interface ClusterAnalysisTemplateSpecResources {
  claims?: ClusterAnalysisTemplateClaims[];
  limits?: Record<string, number | string>;
  requests?: Record<string, number | string>;
}

export interface ClusterAnalysisTemplateSpecSecurityContext {
  appArmorProfile?: ClusterAnalysisTemplateAppArmorProfile;
  fsGroup?: number;
  fsGroupChangePolicy?: string;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seLinuxChangePolicy?: string;
  seLinuxOptions?: ClusterAnalysisTemplateSeLinuxOptions;
  seccompProfile?: ClusterAnalysisTemplateAppArmorProfile;
  supplementalGroups?: number[];
  supplementalGroupsPolicy?: string;
  sysctls?: ClusterAnalysisTemplateHttpHeaders[];
  windowsOptions?: ClusterAnalysisTemplateWindowsOptions;
}

export interface ClusterAnalysisTemplateSuccessPolicy {
  rules: ClusterAnalysisTemplateSuccessPolicyRules[];
}

export interface ClusterAnalysisTemplateSuccessPolicyRules {
  succeededCount?: number;
  succeededIndexes?: string;
}

export interface ClusterAnalysisTemplateTcpSocket {
  host?: string;
  port: number | string;
}

export interface ClusterAnalysisTemplateTemplate {
  metadata?: ClusterAnalysisTemplateMetadata;
  spec?: ClusterAnalysisTemplateTemplateSpec;
}

export interface ClusterAnalysisTemplateTemplateSpec {
  activeDeadlineSeconds?: number;
  affinity?: ClusterAnalysisTemplateAffinity;
  automountServiceAccountToken?: boolean;
  containers: ClusterAnalysisTemplateContainers[];
  dnsConfig?: ClusterAnalysisTemplateDnsConfig;
  dnsPolicy?: string;
  enableServiceLinks?: boolean;
  ephemeralContainers?: ClusterAnalysisTemplateEphemeralContainers[];
  hostAliases?: ClusterAnalysisTemplateHostAliases[];
  hostIPC?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostUsers?: boolean;
  hostname?: string;
  hostnameOverride?: string;
  imagePullSecrets?: ClusterAnalysisTemplateImagePullSecrets[];
  initContainers?: ClusterAnalysisTemplateContainers[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  os?: ClusterAnalysisTemplateOs;
  overhead?: Record<string, number | string>;
  preemptionPolicy?: string;
  priority?: number;
  priorityClassName?: string;
  readinessGates?: ClusterAnalysisTemplateReadinessGates[];
  resourceClaims?: ClusterAnalysisTemplateResourceClaims[];
  resources?: ClusterAnalysisTemplateSpecResources;
  restartPolicy?: string;
  runtimeClassName?: string;
  schedulerName?: string;
  schedulingGates?: ClusterAnalysisTemplateOs[];
  securityContext?: ClusterAnalysisTemplateSpecSecurityContext;
  serviceAccount?: string;
  serviceAccountName?: string;
  setHostnameAsFQDN?: boolean;
  shareProcessNamespace?: boolean;
  subdomain?: string;
  terminationGracePeriodSeconds?: number;
  tolerations?: ClusterAnalysisTemplateTolerations[];
  topologySpreadConstraints?: ClusterAnalysisTemplateTopologySpreadConstraints[];
  volumes?: any;
}

export interface ClusterAnalysisTemplateTemplates {
  clusterScope?: boolean;
  templateName?: string;
}

export interface ClusterAnalysisTemplateThreshold {
  marginal: number;
  pass: number;
}

export interface ClusterAnalysisTemplateTolerations {
  effect?: string;
  key?: string;
  operator?: string;
  tolerationSeconds?: number;
  value?: string;
}

export interface ClusterAnalysisTemplateTopologySpreadConstraints {
  labelSelector?: ClusterAnalysisTemplateSelector;
  matchLabelKeys?: string[];
  maxSkew: number;
  minDomains?: number;
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
  topologyKey: string;
  whenUnsatisfiable: string;
}

export interface ClusterAnalysisTemplateValueFrom {
  fieldRef?: ClusterAnalysisTemplateFieldRef;
  secretKeyRef?: ClusterAnalysisTemplateSecretKeyRef;
}

export interface ClusterAnalysisTemplateValueFromFieldRef {
  apiVersion?: string;
  fieldPath: string;
}

export interface ClusterAnalysisTemplateVolumeDevices {
  devicePath: string;
  name: string;
}

export interface ClusterAnalysisTemplateVolumeMounts {
  mountPath: string;
  mountPropagation?: string;
  name: string;
  readOnly?: boolean;
  recursiveReadOnly?: string;
  subPath?: string;
  subPathExpr?: string;
}

export interface ClusterAnalysisTemplateWeb {
  authentication?: ClusterAnalysisTemplateAuthentication;
  body?: string;
  headers?: ClusterAnalysisTemplateHeaders[];
  insecure?: boolean;
  jsonBody?: Record<string, any>;
  jsonPath?: string;
  method?: string;
  timeoutSeconds?: number;
  url: string;
}

export interface ClusterAnalysisTemplateWindowsOptions {
  gmsaCredentialSpec?: string;
  gmsaCredentialSpecName?: string;
  hostProcess?: boolean;
  runAsUserName?: string;
}
