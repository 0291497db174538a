/** What the API answers beside Argo's own resources. Lists may be absent or null where they are empty. */
export interface ObjectName {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
}

export interface TreeNode extends ObjectName {
  uid?: string;
  parentRefs?: (ObjectName & { uid?: string })[] | null;
  health?: { status?: string; message?: string } | null;
  info?: { name: string; value: string }[] | null;
  images?: string[] | null;
  createdAt?: string | null;
  resourceVersion?: string;
  networkingInfo?: {
    targetRefs?: ObjectName[] | null;
    /** Of the pods that a Service selects. */
    targetLabels?: Record<string, string> | null;
    /** A pod's own. */
    labels?: Record<string, string> | null;
    ingress?: { hostname?: string; ip?: string }[] | null;
    /** `https://…`, or `title|https://…`. */
    externalURLs?: string[] | null;
  } | null;
}

/** A node of the cluster; amounts are thousandths. */
export interface Host {
  name?: string;
  resourcesInfo?: { resourceName?: string; requestedByApp?: number; requestedByNeighbors?: number; capacity?: number }[] | null;
}

export interface Tree {
  nodes?: TreeNode[] | null;
  orphanedNodes?: TreeNode[] | null;
  hosts?: Host[] | null;
}

/** GET /api/trireme/v1/applications/{name}/why. */
export interface Why {
  synced?: boolean;
  healthy?: boolean;
  reasons?: WhyReason[] | null;
}

export interface WhyReason {
  reason: string;
  message?: string;
  blocker?: ObjectName | null;
  since?: string;
  evidence?: { path: string; desired?: string; live?: string; writer?: string; writtenAt?: string }[] | null;
  next?: string;
  /** What stands behind it, as searchable; and what a sentence about that is filled in with. */
  cause?: string;
  values?: Record<string, string> | null;
  facts?: { what?: string; text?: string; since?: string }[] | null;
  logs?: { pod: string; container: string; previous?: boolean } | null;
  /** The object of the application that the blocker belongs to, where it is another one. */
  object?: ObjectName | null;
}

/** GET /api/trireme/v1/applications/{name}/releases. */
export interface Releases {
  rollouts?: RolloutRelease[] | null;
  proven?: { digest: string; revisions?: string[] | null; provenAt?: string; historyID?: number | string }[] | null;
  quarantined?: Quarantined[] | null;
  pinned?: { digest: string; revisions?: string[] | null; since?: string } | null;
  rollbacksSinceProven?: number;
  policy?: string;
}

export interface Quarantined {
  digest: string;
  revisions?: string[] | null;
  reason?: string;
  message?: string;
  since?: string;
}

export interface RolloutRelease {
  namespace: string;
  name: string;
  strategy?: string;
  phase?: string;
  message?: string;
  step?: { number?: number; count?: number; description?: string } | null;
  /** All of them, in order. */
  steps?: { description?: string }[] | null;
  /** The share of the newest revision, in hundredths; only of a canary. */
  weight?: { desired?: number; actual?: number } | null;
  services?: SteeredService[] | null;
  waitingFor?: Waiting | null;
  aborted?: boolean;
  abortedAt?: string;
  stableRevision?: string;
  currentRevision?: string;
  sets?: ReplicaSet[] | null;
  analyses?: Analysis[] | null;
  /** What stopped another revision. */
  stoppedBy?: Analysis | null;
}

export interface Waiting {
  reason?: string;
  message?: string;
  since?: string;
  until?: string;
  blocker?: { kind?: string; name?: string } | null;
}

/** A Service that the Rollout steers; without a set it selects none of them. */
export interface SteeredService {
  name: string;
  role?: string;
  set?: string;
}

export interface ReplicaSet {
  name: string;
  revision?: string;
  roles?: string[] | null;
  desired?: number;
  ready?: number;
  available?: number;
  images?: string[] | null;
  scaleDownAt?: string;
  pods?: ReleasePod[] | null;
}

export interface ReleasePod {
  name: string;
  ready?: boolean;
  terminating?: boolean;
  reason?: string;
}

export interface Analysis {
  name: string;
  type?: string;
  phase?: string;
  message?: string;
  startedAt?: string;
  completedAt?: string;
  metrics?: Metric[] | null;
}

export interface Metric {
  name: string;
  phase?: string;
  message?: string;
  dryRun?: boolean;
  successCondition?: string;
  failureCondition?: string;
  successThresholds?: Threshold[] | null;
  failureThresholds?: Threshold[] | null;
  interval?: string;
  count?: number;
  failureLimit?: number;
  /** More than the measurements that are kept. */
  taken?: number;
  failed?: number;
  measurements?: Measurement[] | null;
}

export interface Threshold {
  operator: string;
  value?: number;
}

export interface Measurement {
  phase?: string;
  value?: string;
  /** The value, where it is one number. */
  number?: number;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
}
