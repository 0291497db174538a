/** Written by packages/api/generate.mjs from the definition of experiments.argoproj.io; not to be changed by hand. */
import type { KubeObject } from "../kubernetes.ts";

export interface Experiment extends KubeObject {
  apiVersion: "argoproj.io/v1alpha1";
  kind: "Experiment";
  spec: ExperimentSpec;
  status?: ExperimentStatus;
}

export interface ExperimentAffinity {
  nodeAffinity?: ExperimentNodeAffinity;
  podAffinity?: ExperimentPodAffinity;
  podAntiAffinity?: ExperimentPodAffinity;
}

export interface ExperimentAnalyses {
  args?: ExperimentArgs[];
  clusterScope?: boolean;
  name: string;
  requiredForCompletion?: boolean;
  templateName: string;
}

export interface ExperimentAnalysisRunMetadata {
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

export interface ExperimentAnalysisRuns {
  analysisRun: string;
  message?: string;
  name: string;
  phase: string;
}

export interface ExperimentAppArmorProfile {
  localhostProfile?: string;
  type: string;
}

export interface ExperimentArgs {
  name: string;
  value?: string;
  valueFrom?: ExperimentValueFrom;
}

export interface ExperimentCapabilities {
  add?: string[];
  drop?: string[];
}

export interface ExperimentClaims {
  name: string;
  request?: string;
}

export interface ExperimentConditions {
  lastTransitionTime: string;
  lastUpdateTime: string;
  message: string;
  reason: string;
  status: string;
  type: string;
}

export interface ExperimentConfigMapKeyRef {
  key: string;
  name?: string;
  optional?: boolean;
}

export interface ExperimentConfigMapRef {
  name?: string;
  optional?: boolean;
}

export interface ExperimentContainers {
  args?: string[];
  command?: string[];
  env?: ExperimentEnv[];
  envFrom?: ExperimentEnvFrom[];
  image?: string;
  imagePullPolicy?: string;
  lifecycle?: ExperimentLifecycle;
  livenessProbe?: ExperimentLivenessProbe;
  name: string;
  ports?: ExperimentPorts[];
  readinessProbe?: ExperimentLivenessProbe;
  resizePolicy?: ExperimentResizePolicy[];
  resources?: ExperimentResources;
  restartPolicy?: string;
  restartPolicyRules?: ExperimentRestartPolicyRules[];
  securityContext?: ExperimentSecurityContext;
  startupProbe?: ExperimentLivenessProbe;
  stdin?: boolean;
  stdinOnce?: boolean;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  tty?: boolean;
  volumeDevices?: ExperimentVolumeDevices[];
  volumeMounts?: ExperimentVolumeMounts[];
  workingDir?: string;
}

export interface ExperimentDnsConfig {
  nameservers?: string[];
  options?: ExperimentOptions[];
  searches?: string[];
}

export interface ExperimentDryRun {
  metricName: string;
}

export interface ExperimentEnv {
  name: string;
  value?: string;
  valueFrom?: ExperimentEnvValueFrom;
}

export interface ExperimentEnvFrom {
  configMapRef?: ExperimentConfigMapRef;
  prefix?: string;
  secretRef?: ExperimentConfigMapRef;
}

export interface ExperimentEnvValueFrom {
  configMapKeyRef?: ExperimentConfigMapKeyRef;
  fieldRef?: ExperimentValueFromFieldRef;
  fileKeyRef?: ExperimentFileKeyRef;
  resourceFieldRef?: ExperimentResourceFieldRef;
  secretKeyRef?: ExperimentConfigMapKeyRef;
}

export interface ExperimentEphemeralContainers {
  args?: string[];
  command?: string[];
  env?: ExperimentEnv[];
  envFrom?: ExperimentEnvFrom[];
  image?: string;
  imagePullPolicy?: string;
  lifecycle?: ExperimentLifecycle;
  livenessProbe?: ExperimentLivenessProbe;
  name: string;
  ports?: ExperimentPorts[];
  readinessProbe?: ExperimentLivenessProbe;
  resizePolicy?: ExperimentResizePolicy[];
  resources?: ExperimentResources;
  restartPolicy?: string;
  restartPolicyRules?: ExperimentRestartPolicyRules[];
  securityContext?: ExperimentSecurityContext;
  startupProbe?: ExperimentLivenessProbe;
  stdin?: boolean;
  stdinOnce?: boolean;
  targetContainerName?: string;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  tty?: boolean;
  volumeDevices?: ExperimentVolumeDevices[];
  volumeMounts?: ExperimentVolumeMounts[];
  workingDir?: string;
}

export interface ExperimentExec {
  command?: string[];
}

export interface ExperimentExitCodes {
  operator: string;
  values?: number[];
}

export interface ExperimentFieldRef {
  fieldPath: string;
}

export interface ExperimentFileKeyRef {
  key: string;
  optional?: boolean;
  path: string;
  volumeName: string;
}

export interface ExperimentGrpc {
  port: number;
  service?: string;
}

export interface ExperimentHostAliases {
  hostnames?: string[];
  ip: string;
}

export interface ExperimentHttpGet {
  host?: string;
  httpHeaders?: ExperimentHttpHeaders[];
  path?: string;
  port: number | string;
  scheme?: string;
}

export interface ExperimentHttpHeaders {
  name: string;
  value: string;
}

export interface ExperimentImagePullSecrets {
  name?: string;
}

export interface ExperimentLifecycle {
  postStart?: ExperimentPostStart;
  preStop?: ExperimentPostStart;
  stopSignal?: string;
}

export interface ExperimentLivenessProbe {
  exec?: ExperimentExec;
  failureThreshold?: number;
  grpc?: ExperimentGrpc;
  httpGet?: ExperimentHttpGet;
  initialDelaySeconds?: number;
  periodSeconds?: number;
  successThreshold?: number;
  tcpSocket?: ExperimentTcpSocket;
  terminationGracePeriodSeconds?: number;
  timeoutSeconds?: number;
}

export interface ExperimentMatchExpressions {
  key: string;
  operator: string;
  values?: string[];
}

export interface ExperimentMeasurementRetention {
  limit: number;
  metricName: string;
}

export interface ExperimentNodeAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: ExperimentPreferredDuringSchedulingIgnoredDuringExecution[];
  requiredDuringSchedulingIgnoredDuringExecution?: ExperimentRequiredDuringSchedulingIgnoredDuringExecution;
}

export interface ExperimentOptions {
  name?: string;
  value?: string;
}

export interface ExperimentOs {
  name: string;
}

export interface ExperimentPodAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: ExperimentPodAffinityPreferredDuringSchedulingIgnoredDuringExecution[];
  requiredDuringSchedulingIgnoredDuringExecution?: ExperimentPodAffinityTerm[];
}

export interface ExperimentPodAffinityPreferredDuringSchedulingIgnoredDuringExecution {
  podAffinityTerm: ExperimentPodAffinityTerm;
  weight: number;
}

export interface ExperimentPodAffinityTerm {
  labelSelector?: ExperimentSelector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
  namespaceSelector?: ExperimentSelector;
  namespaces?: string[];
  topologyKey: string;
}

export interface ExperimentPorts {
  containerPort: number;
  hostIP?: string;
  hostPort?: number;
  name?: string;
  protocol?: string;
}

export interface ExperimentPostStart {
  exec?: ExperimentExec;
  httpGet?: ExperimentHttpGet;
  sleep?: ExperimentSleep;
  tcpSocket?: ExperimentTcpSocket;
}

export interface ExperimentPreference {
  matchExpressions?: ExperimentMatchExpressions[];
  matchFields?: ExperimentMatchExpressions[];
}

export interface ExperimentPreferredDuringSchedulingIgnoredDuringExecution {
  preference: ExperimentPreference;
  weight: number;
}

export interface ExperimentReadinessGates {
  conditionType: string;
}

export interface ExperimentRequiredDuringSchedulingIgnoredDuringExecution {
  nodeSelectorTerms: ExperimentPreference[];
}

export interface ExperimentResizePolicy {
  resourceName: string;
  restartPolicy: string;
}

export interface ExperimentResourceClaims {
  name: string;
  resourceClaimName?: string;
  resourceClaimTemplateName?: string;
}

export interface ExperimentResourceFieldRef {
  containerName?: string;
  divisor?: number | string;
  resource: string;
}

export interface ExperimentResources {
  claims?: ExperimentClaims[];
  limits?: any;
  requests?: any;
}

export interface ExperimentRestartPolicyRules {
  action: string;
  exitCodes?: ExperimentExitCodes;
}

export interface ExperimentSeLinuxOptions {
  level?: string;
  role?: string;
  type?: string;
  user?: string;
}

export interface ExperimentSecretKeyRef {
  key: string;
  name: string;
}

export interface ExperimentSecurityContext {
  allowPrivilegeEscalation?: boolean;
  appArmorProfile?: ExperimentAppArmorProfile;
  capabilities?: ExperimentCapabilities;
  privileged?: boolean;
  procMount?: string;
  readOnlyRootFilesystem?: boolean;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seLinuxOptions?: ExperimentSeLinuxOptions;
  seccompProfile?: ExperimentAppArmorProfile;
  windowsOptions?: ExperimentWindowsOptions;
}

export interface ExperimentSelector {
  matchExpressions?: ExperimentMatchExpressions[];
  matchLabels?: Record<string, string>;
}

export interface ExperimentService {
  name?: string;
}

export interface ExperimentSleep {
  seconds: number;
}

export interface ExperimentSpec {
  analyses?: ExperimentAnalyses[];
  analysisRunMetadata?: ExperimentAnalysisRunMetadata;
  dryRun?: ExperimentDryRun[];
  duration?: string;
  measurementRetention?: ExperimentMeasurementRetention[];
  progressDeadlineSeconds?: number;
  scaleDownDelaySeconds?: number;
  templates: ExperimentTemplates[];
  terminate?: boolean;
}

export interface ExperimentSpecResources {
  claims?: ExperimentClaims[];
  limits?: Record<string, number | string>;
  requests?: Record<string, number | string>;
}

export interface ExperimentSpecSecurityContext {
  appArmorProfile?: ExperimentAppArmorProfile;
  fsGroup?: number;
  fsGroupChangePolicy?: string;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seLinuxChangePolicy?: string;
  seLinuxOptions?: ExperimentSeLinuxOptions;
  seccompProfile?: ExperimentAppArmorProfile;
  supplementalGroups?: number[];
  supplementalGroupsPolicy?: string;
  sysctls?: ExperimentHttpHeaders[];
  windowsOptions?: ExperimentWindowsOptions;
}

export interface ExperimentStatus {
  analysisRuns?: ExperimentAnalysisRuns[];
  availableAt?: string;
  conditions?: ExperimentConditions[];
  message?: string;
  phase?: string;
  templateStatuses?: ExperimentTemplateStatuses[];
}

export interface ExperimentTcpSocket {
  host?: string;
  port: number | string;
}

export interface ExperimentTemplate {
  metadata?: ExperimentAnalysisRunMetadata;
  spec?: ExperimentTemplateSpec;
}

export interface ExperimentTemplateSpec {
  activeDeadlineSeconds?: number;
  affinity?: ExperimentAffinity;
  automountServiceAccountToken?: boolean;
  containers: ExperimentContainers[];
  dnsConfig?: ExperimentDnsConfig;
  dnsPolicy?: string;
  enableServiceLinks?: boolean;
  ephemeralContainers?: ExperimentEphemeralContainers[];
  hostAliases?: ExperimentHostAliases[];
  hostIPC?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostUsers?: boolean;
  hostname?: string;
  hostnameOverride?: string;
  imagePullSecrets?: ExperimentImagePullSecrets[];
  initContainers?: ExperimentContainers[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  os?: ExperimentOs;
  overhead?: Record<string, number | string>;
  preemptionPolicy?: string;
  priority?: number;
  priorityClassName?: string;
  readinessGates?: ExperimentReadinessGates[];
  resourceClaims?: ExperimentResourceClaims[];
  resources?: ExperimentSpecResources;
  restartPolicy?: string;
  runtimeClassName?: string;
  schedulerName?: string;
  schedulingGates?: ExperimentOs[];
  securityContext?: ExperimentSpecSecurityContext;
  serviceAccount?: string;
  serviceAccountName?: string;
  setHostnameAsFQDN?: boolean;
  shareProcessNamespace?: boolean;
  subdomain?: string;
  terminationGracePeriodSeconds?: number;
  tolerations?: ExperimentTolerations[];
  topologySpreadConstraints?: ExperimentTopologySpreadConstraints[];
  volumes?: any;
}

export interface ExperimentTemplateStatuses {
  availableReplicas: number;
  collisionCount?: number;
  lastTransitionTime?: string;
  message?: string;
  name: string;
  podTemplateHash?: string;
  readyReplicas: number;
  replicas: number;
  serviceName?: string;
  status?: string;
  updatedReplicas: number;
}

export interface ExperimentTemplates {
  minReadySeconds?: number;
  name: string;
  replicas?: number;
  selector: ExperimentSelector;
  service?: ExperimentService;
  template: ExperimentTemplate;
}

export interface ExperimentTolerations {
  effect?: string;
  key?: string;
  operator?: string;
  tolerationSeconds?: number;
  value?: string;
}

export interface ExperimentTopologySpreadConstraints {
  labelSelector?: ExperimentSelector;
  matchLabelKeys?: string[];
  maxSkew: number;
  minDomains?: number;
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
  topologyKey: string;
  whenUnsatisfiable: string;
}

export interface ExperimentValueFrom {
  fieldRef?: ExperimentFieldRef;
  secretKeyRef?: ExperimentSecretKeyRef;
}

export interface ExperimentValueFromFieldRef {
  apiVersion?: string;
  fieldPath: string;
}

export interface ExperimentVolumeDevices {
  devicePath: string;
  name: string;
}

export interface ExperimentVolumeMounts {
  mountPath: string;
  mountPropagation?: string;
  name: string;
  readOnly?: boolean;
  recursiveReadOnly?: string;
  subPath?: string;
  subPathExpr?: string;
}

export interface ExperimentWindowsOptions {
  gmsaCredentialSpec?: string;
  gmsaCredentialSpecName?: string;
  hostProcess?: boolean;
  runAsUserName?: string;
}
