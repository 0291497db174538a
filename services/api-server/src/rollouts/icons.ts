/** The signs that people know from `kubectl argo rollouts`. */
const OK = "✔";
const BAD = "✖";
const WARNING = "⚠";
const UNKNOWN = "?";
const PROGRESSING = "◌";
const WAITING = "◷";
const PAUSED = "॥";
const NEUTRAL = "•";
const NONE = " ";

const ROLLOUT: Record<string, string> = { Progressing: PROGRESSING, Error: WARNING, InvalidSpec: WARNING, Paused: PAUSED, Healthy: OK, Degraded: BAD, Unknown: UNKNOWN, ScaledDown: NEUTRAL };
export const rolloutIcon = (phase: string): string => ROLLOUT[phase] ?? NONE;

const REPLICA_SET: Record<string, string> = { Progressing: PROGRESSING, Healthy: OK, ReplicaFailure: BAD, ScaledDown: NEUTRAL };
export const replicaSetIcon = (status: string): string => REPLICA_SET[status] ?? NONE;

const ANALYSIS: Record<string, string> = { Successful: OK, Inconclusive: UNKNOWN, Failed: BAD, Error: WARNING, Running: PROGRESSING, Pending: WAITING };
/** Of a run, a measurement or an experiment. */
export const analysisIcon = (phase: string): string => ANALYSIS[phase] ?? NONE;

const POD: Record<string, string> = { Pending: PROGRESSING, Terminating: PROGRESSING, ContainerCreating: PROGRESSING, Running: OK, Completed: OK, Failed: BAD, InvalidImageName: BAD, CrashLoopBackOff: BAD, ImagePullBackOff: WARNING, RegistryUnavailable: WARNING, Unknown: UNKNOWN };
export function podIcon(status: string): string {
  if (status.startsWith("Init:")) return PROGRESSING;
  if (status.startsWith("Signal:") || status.startsWith("ExitCode:")) return BAD;
  if (status.endsWith("Error") || status.startsWith("Err")) return WARNING;
  return POD[status] ?? NONE;
}
