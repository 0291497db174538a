/** Written by packages/api/generate.mjs from the definition of analysistemplates.argoproj.io; not to be changed by hand. */
import type { KubeObject } from "../kubernetes.ts";

export interface AnalysisTemplate extends KubeObject {
  apiVersion: "argoproj.io/v1alpha1";
  kind: "AnalysisTemplate";
  spec: AnalysisTemplateSpec;
}

export interface AnalysisTemplateAffinity {
  nodeAffinity?: AnalysisTemplateNodeAffinity;
  podAffinity?: AnalysisTemplatePodAffinity;
  podAntiAffinity?: AnalysisTemplatePodAffinity;
}

export interface AnalysisTemplateAppArmorProfile {
  localhostProfile?: string;
  type: string;
}

export interface AnalysisTemplateArgs {
  name: string;
  value?: string;
  valueFrom?: AnalysisTemplateValueFrom;
}

export interface AnalysisTemplateAuthentication {
  oauth2?: AnalysisTemplateOauth2;
  sigv4?: AnalysisTemplateSigv4;
}

export interface AnalysisTemplateCapabilities {
  add?: string[];
  drop?: string[];
}

export interface AnalysisTemplateClaims {
  name: string;
  request?: string;
}

export interface AnalysisTemplateCloudWatch {
  interval?: string;
  metricDataQueries: AnalysisTemplateMetricDataQueries[];
}

export interface AnalysisTemplateConfigMapKeyRef {
  key: string;
  name?: string;
  optional?: boolean;
}

export interface AnalysisTemplateConfigMapRef {
  name?: string;
  optional?: boolean;
}

export interface AnalysisTemplateContainers {
  args?: string[];
  command?: string[];
  env?: AnalysisTemplateEnv[];
  envFrom?: AnalysisTemplateEnvFrom[];
  image?: string;
  imagePullPolicy?: string;
  lifecycle?: AnalysisTemplateLifecycle;
  livenessProbe?: AnalysisTemplateLivenessProbe;
  name: string;
  ports?: AnalysisTemplatePorts[];
  readinessProbe?: AnalysisTemplateLivenessProbe;
  resizePolicy?: AnalysisTemplateResizePolicy[];
  resources?: AnalysisTemplateResources;
  restartPolicy?: string;
  restartPolicyRules?: AnalysisTemplateRestartPolicyRules[];
  securityContext?: AnalysisTemplateSecurityContext;
  startupProbe?: AnalysisTemplateLivenessProbe;
  stdin?: boolean;
  stdinOnce?: boolean;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  tty?: boolean;
  volumeDevices?: AnalysisTemplateVolumeDevices[];
  volumeMounts?: AnalysisTemplateVolumeMounts[];
  workingDir?: string;
}

export interface AnalysisTemplateControlScope {
  end?: string;
  region: string;
  scope: string;
  start?: string;
  step: number;
}

export interface AnalysisTemplateDatadog {
  aggregator?: "avg" | "min" | "max" | "sum" | "last" | "percentile" | "mean" | "l2norm" | "area";
  apiVersion?: "v1" | "v2";
  formula?: string;
  interval?: string;
  queries?: Record<string, string>;
  query?: string;
  secretRef?: AnalysisTemplateSecretRef;
}

export interface AnalysisTemplateDimensions {
  name?: string;
  value?: string;
}

export interface AnalysisTemplateDnsConfig {
  nameservers?: string[];
  options?: AnalysisTemplateDimensions[];
  searches?: string[];
}

export interface AnalysisTemplateDryRun {
  metricName: string;
}

export interface AnalysisTemplateEnv {
  name: string;
  value?: string;
  valueFrom?: AnalysisTemplateEnvValueFrom;
}

export interface AnalysisTemplateEnvFrom {
  configMapRef?: AnalysisTemplateConfigMapRef;
  prefix?: string;
  secretRef?: AnalysisTemplateConfigMapRef;
}

export interface AnalysisTemplateEnvValueFrom {
  configMapKeyRef?: AnalysisTemplateConfigMapKeyRef;
  fieldRef?: AnalysisTemplateValueFromFieldRef;
  fileKeyRef?: AnalysisTemplateFileKeyRef;
  resourceFieldRef?: AnalysisTemplateResourceFieldRef;
  secretKeyRef?: AnalysisTemplateConfigMapKeyRef;
}

export interface AnalysisTemplateEphemeralContainers {
  args?: string[];
  command?: string[];
  env?: AnalysisTemplateEnv[];
  envFrom?: AnalysisTemplateEnvFrom[];
  image?: string;
  imagePullPolicy?: string;
  lifecycle?: AnalysisTemplateLifecycle;
  livenessProbe?: AnalysisTemplateLivenessProbe;
  name: string;
  ports?: AnalysisTemplatePorts[];
  readinessProbe?: AnalysisTemplateLivenessProbe;
  resizePolicy?: AnalysisTemplateResizePolicy[];
  resources?: AnalysisTemplateResources;
  restartPolicy?: string;
  restartPolicyRules?: AnalysisTemplateRestartPolicyRules[];
  securityContext?: AnalysisTemplateSecurityContext;
  startupProbe?: AnalysisTemplateLivenessProbe;
  stdin?: boolean;
  stdinOnce?: boolean;
  targetContainerName?: string;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  tty?: boolean;
  volumeDevices?: AnalysisTemplateVolumeDevices[];
  volumeMounts?: AnalysisTemplateVolumeMounts[];
  workingDir?: string;
}

export interface AnalysisTemplateExec {
  command?: string[];
}

export interface AnalysisTemplateExitCodes {
  operator: string;
  values?: number[];
}

export interface AnalysisTemplateFieldRef {
  fieldPath: string;
}

export interface AnalysisTemplateFileKeyRef {
  key: string;
  optional?: boolean;
  path: string;
  volumeName: string;
}

export interface AnalysisTemplateGraphite {
  address?: string;
  query?: string;
}

export interface AnalysisTemplateGrpc {
  port: number;
  service?: string;
}

export interface AnalysisTemplateHeaders {
  key: string;
  value: string;
}

export interface AnalysisTemplateHostAliases {
  hostnames?: string[];
  ip: string;
}

export interface AnalysisTemplateHttpGet {
  host?: string;
  httpHeaders?: AnalysisTemplateHttpHeaders[];
  path?: string;
  port: number | string;
  scheme?: string;
}

export interface AnalysisTemplateHttpHeaders {
  name: string;
  value: string;
}

export interface AnalysisTemplateImagePullSecrets {
  name?: string;
}

export interface AnalysisTemplateInfluxdb {
  profile?: string;
  query?: string;
}

export interface AnalysisTemplateJob {
  metadata?: AnalysisTemplateMetadata;
  spec: AnalysisTemplateJobSpec;
}

export interface AnalysisTemplateJobSpec {
  activeDeadlineSeconds?: number;
  backoffLimit?: number;
  backoffLimitPerIndex?: number;
  completionMode?: string;
  completions?: number;
  managedBy?: string;
  manualSelector?: boolean;
  maxFailedIndexes?: number;
  parallelism?: number;
  podFailurePolicy?: AnalysisTemplatePodFailurePolicy;
  podReplacementPolicy?: string;
  selector?: AnalysisTemplateSelector;
  successPolicy?: AnalysisTemplateSuccessPolicy;
  suspend?: boolean;
  template: AnalysisTemplateTemplate;
  ttlSecondsAfterFinished?: number;
}

export interface AnalysisTemplateKayenta {
  address: string;
  application: string;
  canaryConfigName: string;
  configurationAccountName: string;
  lookback?: boolean;
  metricsAccountName: string;
  scopes: AnalysisTemplateScopes[];
  storageAccountName: string;
  threshold: AnalysisTemplateThreshold;
}

export interface AnalysisTemplateLifecycle {
  postStart?: AnalysisTemplatePostStart;
  preStop?: AnalysisTemplatePostStart;
  stopSignal?: string;
}

export interface AnalysisTemplateLivenessProbe {
  exec?: AnalysisTemplateExec;
  failureThreshold?: number;
  grpc?: AnalysisTemplateGrpc;
  httpGet?: AnalysisTemplateHttpGet;
  initialDelaySeconds?: number;
  periodSeconds?: number;
  successThreshold?: number;
  tcpSocket?: AnalysisTemplateTcpSocket;
  terminationGracePeriodSeconds?: number;
  timeoutSeconds?: number;
}

export interface AnalysisTemplateMatchExpressions {
  key: string;
  operator: string;
  values?: string[];
}

export interface AnalysisTemplateMeasurementRetention {
  limit: number;
  metricName: string;
}

export interface AnalysisTemplateMetadata {
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

export interface AnalysisTemplateMetric {
  dimensions?: AnalysisTemplateDimensions[];
  metricName?: string;
  namespace?: string;
}

export interface AnalysisTemplateMetricDataQueries {
  expression?: string;
  id?: string;
  label?: string;
  metricStat?: AnalysisTemplateMetricStat;
  period?: number | string;
  returnData?: boolean;
}

export interface AnalysisTemplateMetricStat {
  metric?: AnalysisTemplateMetric;
  period?: number | string;
  stat?: string;
  unit?: string;
}

export interface AnalysisTemplateMetrics {
  consecutiveErrorLimit?: number | string;
  consecutiveSuccessLimit?: number | string;
  count?: number | string;
  failureCondition?: string;
  failureLimit?: number | string;
  inconclusiveLimit?: number | string;
  initialDelay?: string;
  interval?: string;
  name: string;
  provider: AnalysisTemplateProvider;
  successCondition?: string;
}

export interface AnalysisTemplateNewRelic {
  profile?: string;
  query: string;
  timeout?: number;
}

export interface AnalysisTemplateNodeAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: AnalysisTemplatePreferredDuringSchedulingIgnoredDuringExecution[];
  requiredDuringSchedulingIgnoredDuringExecution?: AnalysisTemplateRequiredDuringSchedulingIgnoredDuringExecution;
}

export interface AnalysisTemplateOauth2 {
  clientId?: string;
  clientSecret?: string;
  scopes?: string[];
  tokenUrl?: string;
}

export interface AnalysisTemplateOnExitCodes {
  containerName?: string;
  operator: string;
  values: number[];
}

export interface AnalysisTemplateOnPodConditions {
  status: string;
  type: string;
}

export interface AnalysisTemplateOs {
  name: string;
}

export interface AnalysisTemplatePodAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: AnalysisTemplatePodAffinityPreferredDuringSchedulingIgnoredDuringExecution[];
  requiredDuringSchedulingIgnoredDuringExecution?: AnalysisTemplatePodAffinityTerm[];
}

export interface AnalysisTemplatePodAffinityPreferredDuringSchedulingIgnoredDuringExecution {
  podAffinityTerm: AnalysisTemplatePodAffinityTerm;
  weight: number;
}

export interface AnalysisTemplatePodAffinityTerm {
  labelSelector?: AnalysisTemplateSelector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
  namespaceSelector?: AnalysisTemplateSelector;
  namespaces?: string[];
  topologyKey: string;
}

export interface AnalysisTemplatePodFailurePolicy {
  rules: AnalysisTemplateRules[];
}

export interface AnalysisTemplatePorts {
  containerPort: number;
  hostIP?: string;
  hostPort?: number;
  name?: string;
  protocol?: string;
}

export interface AnalysisTemplatePostStart {
  exec?: AnalysisTemplateExec;
  httpGet?: AnalysisTemplateHttpGet;
  sleep?: AnalysisTemplateSleep;
  tcpSocket?: AnalysisTemplateTcpSocket;
}

export interface AnalysisTemplatePreference {
  matchExpressions?: AnalysisTemplateMatchExpressions[];
  matchFields?: AnalysisTemplateMatchExpressions[];
}

export interface AnalysisTemplatePreferredDuringSchedulingIgnoredDuringExecution {
  preference: AnalysisTemplatePreference;
  weight: number;
}

export interface AnalysisTemplatePrometheus {
  address?: string;
  authentication?: AnalysisTemplateAuthentication;
  headers?: AnalysisTemplateHeaders[];
  insecure?: boolean;
  query?: string;
  rangeQuery?: AnalysisTemplateRangeQuery;
  timeout?: number;
}

export interface AnalysisTemplateProvider {
  cloudWatch?: AnalysisTemplateCloudWatch;
  datadog?: AnalysisTemplateDatadog;
  graphite?: AnalysisTemplateGraphite;
  influxdb?: AnalysisTemplateInfluxdb;
  job?: AnalysisTemplateJob;
  kayenta?: AnalysisTemplateKayenta;
  newRelic?: AnalysisTemplateNewRelic;
  plugin?: Record<string, any>;
  prometheus?: AnalysisTemplatePrometheus;
  skywalking?: AnalysisTemplateSkywalking;
  wavefront?: AnalysisTemplateGraphite;
  web?: AnalysisTemplateWeb;
}

export interface AnalysisTemplateRangeQuery {
  end?: string;
  start?: string;
  step?: string;
}

export interface AnalysisTemplateReadinessGates {
  conditionType: string;
}

export interface AnalysisTemplateRequiredDuringSchedulingIgnoredDuringExecution {
  nodeSelectorTerms: AnalysisTemplatePreference[];
}

export interface AnalysisTemplateResizePolicy {
  resourceName: string;
  restartPolicy: string;
}

export interface AnalysisTemplateResourceClaims {
  name: string;
  resourceClaimName?: string;
  resourceClaimTemplateName?: string;
}

export interface AnalysisTemplateResourceFieldRef {
  containerName?: string;
  divisor?: number | string;
  resource: string;
}

export interface AnalysisTemplateResources {
  claims?: AnalysisTemplateClaims[];
  limits?: any;
  requests?: any;
}

export interface AnalysisTemplateRestartPolicyRules {
  action: string;
  exitCodes?: AnalysisTemplateExitCodes;
}

export interface AnalysisTemplateRules {
  action: string;
  onExitCodes?: AnalysisTemplateOnExitCodes;
  onPodConditions?: AnalysisTemplateOnPodConditions[];
}

export interface AnalysisTemplateScopes {
  controlScope: AnalysisTemplateControlScope;
  experimentScope: AnalysisTemplateControlScope;
  name: string;
}

export interface AnalysisTemplateSeLinuxOptions {
  level?: string;
  role?: string;
  type?: string;
  user?: string;
}

export interface AnalysisTemplateSecretKeyRef {
  key: string;
  name: string;
}

export interface AnalysisTemplateSecretRef {
  name?: string;
  namespaced?: boolean;
}

export interface AnalysisTemplateSecurityContext {
  allowPrivilegeEscalation?: boolean;
  appArmorProfile?: AnalysisTemplateAppArmorProfile;
  capabilities?: AnalysisTemplateCapabilities;
  privileged?: boolean;
  procMount?: string;
  readOnlyRootFilesystem?: boolean;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seLinuxOptions?: AnalysisTemplateSeLinuxOptions;
  seccompProfile?: AnalysisTemplateAppArmorProfile;
  windowsOptions?: AnalysisTemplateWindowsOptions;
}

export interface AnalysisTemplateSelector {
  matchExpressions?: AnalysisTemplateMatchExpressions[];
  matchLabels?: Record<string, string>;
}

export interface AnalysisTemplateSigv4 {
  profile?: string;
  region?: string;
  roleArn?: string;
}

export interface AnalysisTemplateSkywalking {
  address?: string;
  interval?: string;
  query?: string;
}

export interface AnalysisTemplateSleep {
  seconds: number;
}

export interface AnalysisTemplateSpec {
  args?: AnalysisTemplateArgs[];
  dryRun?: AnalysisTemplateDryRun[];
  measurementRetention?: AnalysisTemplateMeasurementRetention[];
  metrics?: AnalysisTemplateMetrics[];
  templates?: AnalysisTemplateTemplates[];
}

export interface AnalysisTemplateSpecResources {
  claims?: AnalysisTemplateClaims[];
  limits?: Record<string, number | string>;
  requests?: Record<string, number | string>;
}

export interface AnalysisTemplateSpecSecurityContext {
  appArmorProfile?: AnalysisTemplateAppArmorProfile;
  fsGroup?: number;
  fsGroupChangePolicy?: string;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seLinuxChangePolicy?: string;
  seLinuxOptions?: AnalysisTemplateSeLinuxOptions;
  seccompProfile?: AnalysisTemplateAppArmorProfile;
  supplementalGroups?: number[];
  supplementalGroupsPolicy?: string;
  sysctls?: AnalysisTemplateHttpHeaders[];
  windowsOptions?: AnalysisTemplateWindowsOptions;
}

export interface AnalysisTemplateSuccessPolicy {
  rules: AnalysisTemplateSuccessPolicyRules[];
}

export interface AnalysisTemplateSuccessPolicyRules {
  succeededCount?: number;
  succeededIndexes?: string;
}

export interface AnalysisTemplateTcpSocket {
  host?: string;
  port: number | string;
}

export interface AnalysisTemplateTemplate {
  metadata?: AnalysisTemplateMetadata;
  spec?: AnalysisTemplateTemplateSpec;
}

export interface AnalysisTemplateTemplateSpec {
  activeDeadlineSeconds?: number;
  affinity?: AnalysisTemplateAffinity;
  automountServiceAccountToken?: boolean;
  containers: AnalysisTemplateContainers[];
  dnsConfig?: AnalysisTemplateDnsConfig;
  dnsPolicy?: string;
  enableServiceLinks?: boolean;
  ephemeralContainers?: AnalysisTemplateEphemeralContainers[];
  hostAliases?: AnalysisTemplateHostAliases[];
  hostIPC?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostUsers?: boolean;
  hostname?: string;
  hostnameOverride?: string;
  imagePullSecrets?: AnalysisTemplateImagePullSecrets[];
  initContainers?: AnalysisTemplateContainers[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  os?: AnalysisTemplateOs;
  overhead?: Record<string, number | string>;
  preemptionPolicy?: string;
  priority?: number;
  priorityClassName?: string;
  readinessGates?: AnalysisTemplateReadinessGates[];
  resourceClaims?: AnalysisTemplateResourceClaims[];
  resources?: AnalysisTemplateSpecResources;
  restartPolicy?: string;
  runtimeClassName?: string;
  schedulerName?: string;
  schedulingGates?: AnalysisTemplateOs[];
  securityContext?: AnalysisTemplateSpecSecurityContext;
  serviceAccount?: string;
  serviceAccountName?: string;
  setHostnameAsFQDN?: boolean;
  shareProcessNamespace?: boolean;
  subdomain?: string;
  terminationGracePeriodSeconds?: number;
  tolerations?: AnalysisTemplateTolerations[];
  topologySpreadConstraints?: AnalysisTemplateTopologySpreadConstraints[];
  volumes?: any;
}

export interface AnalysisTemplateTemplates {
  clusterScope?: boolean;
  templateName?: string;
}

export interface AnalysisTemplateThreshold {
  marginal: number;
  pass: number;
}

export interface AnalysisTemplateTolerations {
  effect?: string;
  key?: string;
  operator?: string;
  tolerationSeconds?: number;
  value?: string;
}

export interface AnalysisTemplateTopologySpreadConstraints {
  labelSelector?: AnalysisTemplateSelector;
  matchLabelKeys?: string[];
  maxSkew: number;
  minDomains?: number;
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
  topologyKey: string;
  whenUnsatisfiable: string;
}

export interface AnalysisTemplateValueFrom {
  fieldRef?: AnalysisTemplateFieldRef;
  secretKeyRef?: AnalysisTemplateSecretKeyRef;
}

export interface AnalysisTemplateValueFromFieldRef {
  apiVersion?: string;
  fieldPath: string;
}

export interface AnalysisTemplateVolumeDevices {
  devicePath: string;
  name: string;
}

export interface AnalysisTemplateVolumeMounts {
  mountPath: string;
  mountPropagation?: string;
  name: string;
  readOnly?: boolean;
  recursiveReadOnly?: string;
  subPath?: string;
  subPathExpr?: string;
}

export interface AnalysisTemplateWeb {
  authentication?: AnalysisTemplateAuthentication;
  body?: string;
  headers?: AnalysisTemplateHeaders[];
  insecure?: boolean;
  jsonBody?: Record<string, any>;
  jsonPath?: string;
  method?: string;
  timeoutSeconds?: number;
  url: string;
}

export interface AnalysisTemplateWindowsOptions {
  gmsaCredentialSpec?: string;
  gmsaCredentialSpecName?: string;
  hostProcess?: boolean;
  runAsUserName?: string;
}
