/** Written by packages/api/generate.mjs from the definition of rollouts.argoproj.io; not to be changed by hand. */
import type { KubeObject } from "../kubernetes.ts";

export interface Rollout extends KubeObject {
  apiVersion: "argoproj.io/v1alpha1";
  kind: "Rollout";
  spec: RolloutSpec;
  status?: RolloutStatus;
}

export interface RolloutActiveMetadata {
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

export interface RolloutAdditional {
  podTemplateHash?: string;
  serviceName?: string;
  weight: number;
}

export interface RolloutAffinity {
  nodeAffinity?: RolloutNodeAffinity;
  podAffinity?: RolloutPodAffinity;
  podAntiAffinity?: RolloutPodAffinity;
}

export interface RolloutAlb {
  annotationPrefix?: string;
  ingress?: string;
  ingresses?: string[];
  rootService?: string;
  servicePort: number;
  stickinessConfig?: RolloutStickinessConfig;
}

export interface RolloutAmbassador {
  mappings: string[];
}

export interface RolloutAnalyses {
  args?: RolloutArgs[];
  clusterScope?: boolean;
  name: string;
  requiredForCompletion?: boolean;
  templateName: string;
}

export interface RolloutAnalysis {
  successfulRunHistoryLimit?: number;
  unsuccessfulRunHistoryLimit?: number;
}

export interface RolloutAntiAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: RolloutPreferredDuringSchedulingIgnoredDuringExecution;
  requiredDuringSchedulingIgnoredDuringExecution?: Record<string, any>;
}

export interface RolloutApisix {
  route?: RolloutRoute;
}

export interface RolloutAppArmorProfile {
  localhostProfile?: string;
  type: string;
}

export interface RolloutAppMesh {
  virtualNodeGroup?: RolloutVirtualNodeGroup;
  virtualService?: RolloutVirtualService;
}

export interface RolloutArgs {
  name: string;
  value?: string;
  valueFrom?: RolloutValueFrom;
}

export interface RolloutBlueGreen {
  abortScaleDownDelaySeconds?: number;
  activeMetadata?: RolloutActiveMetadata;
  activeService: string;
  antiAffinity?: RolloutAntiAffinity;
  autoPromotionEnabled?: boolean;
  autoPromotionSeconds?: number;
  maxUnavailable?: number | string;
  postPromotionAnalysis?: RolloutPostPromotionAnalysis;
  prePromotionAnalysis?: RolloutPostPromotionAnalysis;
  previewMetadata?: RolloutActiveMetadata;
  previewReplicaCount?: number;
  previewService?: string;
  scaleDownDelayRevisionLimit?: number;
  scaleDownDelaySeconds?: number;
}

export interface RolloutCanary {
  abortScaleDownDelaySeconds?: number;
  analysis?: RolloutCanaryAnalysis;
  antiAffinity?: RolloutAntiAffinity;
  canaryMetadata?: RolloutActiveMetadata;
  canaryService?: string;
  dynamicStableScale?: boolean;
  maxSurge?: number | string;
  maxUnavailable?: number | string;
  minPodsPerReplicaSet?: number;
  pingPong?: RolloutPingPong;
  replicaProgressThreshold?: RolloutReplicaProgressThreshold;
  scaleDownDelayRevisionLimit?: number;
  scaleDownDelaySeconds?: number;
  stableMetadata?: RolloutActiveMetadata;
  stableService?: string;
  steps?: RolloutSteps[];
  trafficRouting?: RolloutTrafficRouting;
}

export interface RolloutCanaryAnalysis {
  analysisRunMetadata?: RolloutActiveMetadata;
  args?: RolloutArgs[];
  dryRun?: RolloutDryRun[];
  measurementRetention?: RolloutMeasurementRetention[];
  startingStep?: number;
  templates?: RolloutTemplates[];
}

export interface RolloutCanaryTargetGroup {
  arn: string;
  fullName?: string;
  name: string;
}

export interface RolloutCanaryVirtualNodeRef {
  name: string;
}

export interface RolloutCapabilities {
  add?: string[];
  drop?: string[];
}

export interface RolloutClaims {
  name: string;
  request?: string;
}

export interface RolloutConditions {
  lastTransitionTime: string;
  lastUpdateTime: string;
  message: string;
  reason: string;
  status: string;
  type: string;
}

export interface RolloutConfigMapKeyRef {
  key: string;
  name?: string;
  optional?: boolean;
}

export interface RolloutConfigMapRef {
  name?: string;
  optional?: boolean;
}

export interface RolloutContainers {
  args?: string[];
  command?: string[];
  env?: RolloutEnv[];
  envFrom?: RolloutEnvFrom[];
  image?: string;
  imagePullPolicy?: string;
  lifecycle?: RolloutLifecycle;
  livenessProbe?: RolloutLivenessProbe;
  name: string;
  ports?: RolloutPorts[];
  readinessProbe?: RolloutLivenessProbe;
  resizePolicy?: RolloutResizePolicy[];
  resources?: RolloutResources;
  restartPolicy?: string;
  restartPolicyRules?: RolloutRestartPolicyRules[];
  securityContext?: RolloutSecurityContext;
  startupProbe?: RolloutLivenessProbe;
  stdin?: boolean;
  stdinOnce?: boolean;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  tty?: boolean;
  volumeDevices?: RolloutVolumeDevices[];
  volumeMounts?: RolloutVolumeMounts[];
  workingDir?: string;
}

export interface RolloutDestinationRule {
  additionalSubsetNames?: string[];
  canarySubsetName: string;
  name: string;
  stableSubsetName: string;
}

export interface RolloutDnsConfig {
  nameservers?: string[];
  options?: RolloutOptions[];
  searches?: string[];
}

export interface RolloutDryRun {
  metricName: string;
}

export interface RolloutEnv {
  name: string;
  value?: string;
  valueFrom?: RolloutEnvValueFrom;
}

export interface RolloutEnvFrom {
  configMapRef?: RolloutConfigMapRef;
  prefix?: string;
  secretRef?: RolloutConfigMapRef;
}

export interface RolloutEnvValueFrom {
  configMapKeyRef?: RolloutConfigMapKeyRef;
  fieldRef?: RolloutValueFromFieldRef;
  fileKeyRef?: RolloutFileKeyRef;
  resourceFieldRef?: RolloutResourceFieldRef;
  secretKeyRef?: RolloutConfigMapKeyRef;
}

export interface RolloutEphemeralContainers {
  args?: string[];
  command?: string[];
  env?: RolloutEnv[];
  envFrom?: RolloutEnvFrom[];
  image?: string;
  imagePullPolicy?: string;
  lifecycle?: RolloutLifecycle;
  livenessProbe?: RolloutLivenessProbe;
  name: string;
  ports?: RolloutPorts[];
  readinessProbe?: RolloutLivenessProbe;
  resizePolicy?: RolloutResizePolicy[];
  resources?: RolloutResources;
  restartPolicy?: string;
  restartPolicyRules?: RolloutRestartPolicyRules[];
  securityContext?: RolloutSecurityContext;
  startupProbe?: RolloutLivenessProbe;
  stdin?: boolean;
  stdinOnce?: boolean;
  targetContainerName?: string;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  tty?: boolean;
  volumeDevices?: RolloutVolumeDevices[];
  volumeMounts?: RolloutVolumeMounts[];
  workingDir?: string;
}

export interface RolloutExec {
  command?: string[];
}

export interface RolloutExitCodes {
  operator: string;
  values?: number[];
}

export interface RolloutExperiment {
  analyses?: RolloutAnalyses[];
  analysisRunMetadata?: RolloutActiveMetadata;
  dryRun?: RolloutDryRun[];
  duration?: string;
  scaleDownDelaySeconds?: number;
  templates: RolloutExperimentTemplates[];
}

export interface RolloutExperimentTemplates {
  metadata?: RolloutActiveMetadata;
  name: string;
  replicas?: number;
  selector?: RolloutTemplatesSelector;
  service?: RolloutService;
  specRef: string;
  weight?: number;
}

export interface RolloutFieldRef {
  fieldPath: string;
}

export interface RolloutFileKeyRef {
  key: string;
  optional?: boolean;
  path: string;
  volumeName: string;
}

export interface RolloutGrpc {
  port: number;
  service?: string;
}

export interface RolloutHeaderValue {
  exact?: string;
  prefix?: string;
  regex?: string;
}

export interface RolloutHostAliases {
  hostnames?: string[];
  ip: string;
}

export interface RolloutHttpGet {
  host?: string;
  httpHeaders?: RolloutHttpHeaders[];
  path?: string;
  port: number | string;
  scheme?: string;
}

export interface RolloutHttpHeaders {
  name: string;
  value: string;
}

export interface RolloutImagePullSecrets {
  name?: string;
}

export interface RolloutIstio {
  destinationRule?: RolloutDestinationRule;
  virtualService?: RolloutIstioVirtualService;
  virtualServices?: RolloutIstioVirtualService[];
}

export interface RolloutIstioVirtualService {
  name: string;
  routes?: string[];
  tcpRoutes?: RolloutTcpRoutes[];
  tlsRoutes?: RolloutTlsRoutes[];
}

export interface RolloutLifecycle {
  postStart?: RolloutPostStart;
  preStop?: RolloutPostStart;
  stopSignal?: string;
}

export interface RolloutLivenessProbe {
  exec?: RolloutExec;
  failureThreshold?: number;
  grpc?: RolloutGrpc;
  httpGet?: RolloutHttpGet;
  initialDelaySeconds?: number;
  periodSeconds?: number;
  successThreshold?: number;
  tcpSocket?: RolloutTcpSocket;
  terminationGracePeriodSeconds?: number;
  timeoutSeconds?: number;
}

export interface RolloutMatch {
  headerName: string;
  headerValue: RolloutHeaderValue;
}

export interface RolloutMatchExpressions {
  key: string;
  operator: string;
  values?: string[];
}

export interface RolloutMeasurementRetention {
  limit: number;
  metricName: string;
}

export interface RolloutNginx {
  additionalIngressAnnotations?: Record<string, string>;
  annotationPrefix?: string;
  canaryIngressAnnotations?: Record<string, string>;
  stableIngress?: string;
  stableIngresses?: string[];
}

export interface RolloutNodeAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: RolloutNodeAffinityPreferredDuringSchedulingIgnoredDuringExecution[];
  requiredDuringSchedulingIgnoredDuringExecution?: RolloutRequiredDuringSchedulingIgnoredDuringExecution;
}

export interface RolloutNodeAffinityPreferredDuringSchedulingIgnoredDuringExecution {
  preference: RolloutPreference;
  weight: number;
}

export interface RolloutOptions {
  name?: string;
  value?: string;
}

export interface RolloutPause {
  duration?: number | string;
}

export interface RolloutPauseConditions {
  reason: string;
  startTime: string;
}

export interface RolloutPingPong {
  pingService: string;
  pongService: string;
}

export interface RolloutPlugin {
  config?: Record<string, any>;
  name: string;
}

export interface RolloutPodAffinity {
  preferredDuringSchedulingIgnoredDuringExecution?: RolloutPodAffinityPreferredDuringSchedulingIgnoredDuringExecution[];
  requiredDuringSchedulingIgnoredDuringExecution?: RolloutPodAffinityTerm[];
}

export interface RolloutPodAffinityPreferredDuringSchedulingIgnoredDuringExecution {
  podAffinityTerm: RolloutPodAffinityTerm;
  weight: number;
}

export interface RolloutPodAffinityTerm {
  labelSelector?: RolloutTemplatesSelector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
  namespaceSelector?: RolloutTemplatesSelector;
  namespaces?: string[];
  topologyKey: string;
}

export interface RolloutPorts {
  containerPort: number;
  hostIP?: string;
  hostPort?: number;
  name?: string;
  protocol?: string;
}

export interface RolloutPostPromotionAnalysis {
  analysisRunMetadata?: RolloutActiveMetadata;
  args?: RolloutArgs[];
  dryRun?: RolloutDryRun[];
  measurementRetention?: RolloutMeasurementRetention[];
  templates?: RolloutTemplates[];
}

export interface RolloutPostPromotionAnalysisRunStatus {
  message?: string;
  name: string;
  status: string;
}

export interface RolloutPostStart {
  exec?: RolloutExec;
  httpGet?: RolloutHttpGet;
  sleep?: RolloutSleep;
  tcpSocket?: RolloutTcpSocket;
}

export interface RolloutPreference {
  matchExpressions?: RolloutMatchExpressions[];
  matchFields?: RolloutMatchExpressions[];
}

export interface RolloutPreferredDuringSchedulingIgnoredDuringExecution {
  weight: number;
}

export interface RolloutReadinessGates {
  conditionType: string;
}

export interface RolloutReplicaProgressThreshold {
  type: string;
  value: number;
}

export interface RolloutRequiredDuringSchedulingIgnoredDuringExecution {
  nodeSelectorTerms: RolloutPreference[];
}

export interface RolloutResizePolicy {
  resourceName: string;
  restartPolicy: string;
}

export interface RolloutResourceClaims {
  name: string;
  resourceClaimName?: string;
  resourceClaimTemplateName?: string;
}

export interface RolloutResourceFieldRef {
  containerName?: string;
  divisor?: number | string;
  resource: string;
}

export interface RolloutResources {
  claims?: RolloutClaims[];
  limits?: any;
  requests?: any;
}

export interface RolloutRestartPolicyRules {
  action: string;
  exitCodes?: RolloutExitCodes;
}

export interface RolloutRollbackWindow {
  revisions?: number;
}

export interface RolloutRoute {
  name: string;
  rules?: string[];
}

export interface RolloutSeLinuxOptions {
  level?: string;
  role?: string;
  type?: string;
  user?: string;
}

export interface RolloutSecurityContext {
  allowPrivilegeEscalation?: boolean;
  appArmorProfile?: RolloutAppArmorProfile;
  capabilities?: RolloutCapabilities;
  privileged?: boolean;
  procMount?: string;
  readOnlyRootFilesystem?: boolean;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seLinuxOptions?: RolloutSeLinuxOptions;
  seccompProfile?: RolloutAppArmorProfile;
  windowsOptions?: RolloutWindowsOptions;
}

export interface RolloutSelector {
  matchExpressions?: RolloutMatchExpressions[];
  matchLabels?: Record<string, string>;
}

export interface RolloutService {
  name?: string;
}

export interface RolloutSetCanaryScale {
  matchTrafficWeight?: boolean;
  replicas?: number;
  weight?: number;
}

export interface RolloutSetHeaderRoute {
  match?: RolloutMatch[];
  name?: string;
}

export interface RolloutSetMirrorRoute {
  match?: RolloutSetMirrorRouteMatch[];
  name: string;
  percentage?: number;
}

export interface RolloutSetMirrorRouteMatch {
  headers?: Record<string, RolloutHeaderValue>;
  method?: RolloutHeaderValue;
  path?: RolloutHeaderValue;
}

export interface RolloutSleep {
  seconds: number;
}

export interface RolloutSmi {
  rootService?: string;
  trafficSplitName?: string;
}

export interface RolloutSpec {
  analysis?: RolloutAnalysis;
  minReadySeconds?: number;
  paused?: boolean;
  progressDeadlineAbort?: boolean;
  progressDeadlineSeconds?: number;
  replicas?: number;
  restartAt?: string;
  revisionHistoryLimit?: number;
  rollbackWindow?: RolloutRollbackWindow;
  selector?: RolloutSelector;
  strategy?: RolloutStrategy;
  template?: RolloutTemplate;
  workloadRef?: RolloutWorkloadRef;
}

export interface RolloutSpecResources {
  claims?: RolloutClaims[];
  limits?: Record<string, number | string>;
  requests?: Record<string, number | string>;
}

export interface RolloutSpecSecurityContext {
  appArmorProfile?: RolloutAppArmorProfile;
  fsGroup?: number;
  fsGroupChangePolicy?: string;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seLinuxChangePolicy?: string;
  seLinuxOptions?: RolloutSeLinuxOptions;
  seccompProfile?: RolloutAppArmorProfile;
  supplementalGroups?: number[];
  supplementalGroupsPolicy?: string;
  sysctls?: RolloutHttpHeaders[];
  windowsOptions?: RolloutWindowsOptions;
}

export interface RolloutStatus {
  HPAReplicas?: number;
  abort?: boolean;
  abortedAt?: string;
  alb?: RolloutStatusAlb;
  albs?: RolloutStatusAlb[];
  availableReplicas?: number;
  blueGreen?: RolloutStatusBlueGreen;
  canary?: RolloutStatusCanary;
  collisionCount?: number;
  conditions?: RolloutConditions[];
  controllerPause?: boolean;
  currentPodHash?: string;
  currentStepHash?: string;
  currentStepIndex?: number;
  message?: string;
  observedGeneration?: string;
  pauseConditions?: RolloutPauseConditions[];
  phase?: string;
  promoteFull?: boolean;
  readyReplicas?: number;
  replicas?: number;
  restartedAt?: string;
  selector?: string;
  stableRS?: string;
  updatedReplicas?: number;
  workloadObservedGeneration?: string;
}

export interface RolloutStatusAlb {
  canaryTargetGroup?: RolloutCanaryTargetGroup;
  ingress?: string;
  loadBalancer?: RolloutCanaryTargetGroup;
  stableTargetGroup?: RolloutCanaryTargetGroup;
}

export interface RolloutStatusBlueGreen {
  activeSelector?: string;
  postPromotionAnalysisRunStatus?: RolloutPostPromotionAnalysisRunStatus;
  prePromotionAnalysisRunStatus?: RolloutPostPromotionAnalysisRunStatus;
  previewSelector?: string;
  scaleUpPreviewCheckPoint?: boolean;
}

export interface RolloutStatusCanary {
  currentBackgroundAnalysisRunStatus?: RolloutPostPromotionAnalysisRunStatus;
  currentExperiment?: string;
  currentStepAnalysisRunStatus?: RolloutPostPromotionAnalysisRunStatus;
  stablePingPong?: string;
  stepPluginStatuses?: RolloutStepPluginStatuses[];
  weights?: RolloutWeights;
}

export interface RolloutStepPluginStatuses {
  backoff?: string;
  disabled?: boolean;
  executions?: number;
  finishedAt?: string;
  index: number;
  message?: string;
  name: string;
  operation: string;
  phase?: string;
  startedAt?: string;
  status?: Record<string, any>;
  updatedAt?: string;
}

export interface RolloutSteps {
  analysis?: RolloutPostPromotionAnalysis;
  experiment?: RolloutExperiment;
  pause?: RolloutPause;
  plugin?: RolloutPlugin;
  setCanaryScale?: RolloutSetCanaryScale;
  setHeaderRoute?: RolloutSetHeaderRoute;
  setMirrorRoute?: RolloutSetMirrorRoute;
  setWeight?: number;
}

export interface RolloutStickinessConfig {
  durationSeconds: number;
  enabled: boolean;
}

export interface RolloutStrategy {
  blueGreen?: RolloutBlueGreen;
  canary?: RolloutCanary;
}

export interface RolloutTcpRoutes {
  port?: number;
}

export interface RolloutTcpSocket {
  host?: string;
  port: number | string;
}

export interface RolloutTemplate {
  metadata?: RolloutActiveMetadata;
  spec?: RolloutTemplateSpec;
}

export interface RolloutTemplateSpec {
  activeDeadlineSeconds?: number;
  affinity?: RolloutAffinity;
  automountServiceAccountToken?: boolean;
  containers: RolloutContainers[];
  dnsConfig?: RolloutDnsConfig;
  dnsPolicy?: string;
  enableServiceLinks?: boolean;
  ephemeralContainers?: RolloutEphemeralContainers[];
  hostAliases?: RolloutHostAliases[];
  hostIPC?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostUsers?: boolean;
  hostname?: string;
  hostnameOverride?: string;
  imagePullSecrets?: RolloutImagePullSecrets[];
  initContainers?: RolloutContainers[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  os?: RolloutCanaryVirtualNodeRef;
  overhead?: Record<string, number | string>;
  preemptionPolicy?: string;
  priority?: number;
  priorityClassName?: string;
  readinessGates?: RolloutReadinessGates[];
  resourceClaims?: RolloutResourceClaims[];
  resources?: RolloutSpecResources;
  restartPolicy?: string;
  runtimeClassName?: string;
  schedulerName?: string;
  schedulingGates?: RolloutCanaryVirtualNodeRef[];
  securityContext?: RolloutSpecSecurityContext;
  serviceAccount?: string;
  serviceAccountName?: string;
  setHostnameAsFQDN?: boolean;
  shareProcessNamespace?: boolean;
  subdomain?: string;
  terminationGracePeriodSeconds?: number;
  tolerations?: RolloutTolerations[];
  topologySpreadConstraints?: RolloutTopologySpreadConstraints[];
  volumes?: any;
}

export interface RolloutTemplates {
  clusterScope?: boolean;
  templateName?: string;
}

export interface RolloutTemplatesSelector {
  matchExpressions?: RolloutMatchExpressions[];
  matchLabels?: Record<string, string>;
}

export interface RolloutTlsRoutes {
  port?: number;
  sniHosts?: string[];
}

export interface RolloutTolerations {
  effect?: string;
  key?: string;
  operator?: string;
  tolerationSeconds?: number;
  value?: string;
}

export interface RolloutTopologySpreadConstraints {
  labelSelector?: RolloutTemplatesSelector;
  matchLabelKeys?: string[];
  maxSkew: number;
  minDomains?: number;
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
  topologyKey: string;
  whenUnsatisfiable: string;
}

export interface RolloutTraefik {
  weightedTraefikServiceName: string;
}

export interface RolloutTrafficRouting {
  alb?: RolloutAlb;
  ambassador?: RolloutAmbassador;
  apisix?: RolloutApisix;
  appMesh?: RolloutAppMesh;
  istio?: RolloutIstio;
  managedRoutes?: RolloutCanaryVirtualNodeRef[];
  maxTrafficWeight?: number;
  nginx?: RolloutNginx;
  plugins?: Record<string, any>;
  smi?: RolloutSmi;
  traefik?: RolloutTraefik;
}

export interface RolloutValueFrom {
  fieldRef?: RolloutFieldRef;
  podTemplateHashValue?: string;
}

export interface RolloutValueFromFieldRef {
  apiVersion?: string;
  fieldPath: string;
}

export interface RolloutVirtualNodeGroup {
  canaryVirtualNodeRef: RolloutCanaryVirtualNodeRef;
  stableVirtualNodeRef: RolloutCanaryVirtualNodeRef;
}

export interface RolloutVirtualService {
  name: string;
  routes?: string[];
}

export interface RolloutVolumeDevices {
  devicePath: string;
  name: string;
}

export interface RolloutVolumeMounts {
  mountPath: string;
  mountPropagation?: string;
  name: string;
  readOnly?: boolean;
  recursiveReadOnly?: string;
  subPath?: string;
  subPathExpr?: string;
}

export interface RolloutWeights {
  additional?: RolloutAdditional[];
  canary: RolloutAdditional;
  stable: RolloutAdditional;
  verified?: boolean;
}

export interface RolloutWindowsOptions {
  gmsaCredentialSpec?: string;
  gmsaCredentialSpecName?: string;
  hostProcess?: boolean;
  runAsUserName?: string;
}

export interface RolloutWorkloadRef {
  apiVersion?: string;
  kind?: string;
  name?: string;
  scaleDown?: string;
}
