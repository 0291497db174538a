import type { Application } from "@trireme/api/argo";
import { isAutomated } from "../application.ts";
import { goDurationMs } from "../durations.ts";

/** What becomes of a release that fails: taken back, only told, or neither. */
export const RollbackMode = { On: "on", Off: "off", Notify: "notify" } as const;
export type RollbackMode = (typeof RollbackMode)[keyof typeof RollbackMode];

/** On an Application: `on`, `off` or `notify`. */
export const ROLLBACK_ANNOTATION = "trireme.dev/rollback";
/** On an Application: how long a release must fail, or be well, before it counts, as a duration like `30s`. */
export const ROLLBACK_GRACE_ANNOTATION = "trireme.dev/rollback-grace";
/** On a hook: no release that ran it is ever taken back, since what it did cannot be. */
export const NO_ROLLBACK_ANNOTATION = "trireme.dev/no-rollback";

export const DEFAULT_GRACE_MS = 60_000;

export interface RollbackPolicy {
  mode: RollbackMode;
  graceMs: number;
  /** What could not be read; the default stands in for it. */
  problem?: string;
}

/**
 * The application's own word, else the installation's (`trireme.rollback` and `trireme.rollback.grace` of argocd-cm),
 * else: back where sync is automated, told where a person syncs.
 */
export function rollbackPolicy(app: Application, config: Readonly<Record<string, string>>): RollbackPolicy {
  const problems: string[] = [];
  const modeFrom = (text: string | undefined, where: string): RollbackMode | undefined => {
    if (text === undefined || text === "") return undefined;
    if (isMode(text)) return text;
    problems.push(`${where} must be on, off or notify, not ${JSON.stringify(text)}`);
    return undefined;
  };
  const graceFrom = (text: string | undefined, where: string): number | undefined => {
    if (text === undefined || text === "") return undefined;
    try {
      return Math.max(0, goDurationMs(text, where));
    } catch (error) {
      problems.push((error as Error).message);
      return undefined;
    }
  };
  const { annotations } = app.metadata;
  const mode = modeFrom(annotations?.[ROLLBACK_ANNOTATION], `annotation ${ROLLBACK_ANNOTATION}`) ?? modeFrom(config["trireme.rollback"], "argocd-cm: trireme.rollback") ?? (isAutomated(app.spec.syncPolicy) ? RollbackMode.On : RollbackMode.Notify);
  const graceMs = graceFrom(annotations?.[ROLLBACK_GRACE_ANNOTATION], `annotation ${ROLLBACK_GRACE_ANNOTATION}`) ?? graceFrom(config["trireme.rollback.grace"], "argocd-cm: trireme.rollback.grace") ?? DEFAULT_GRACE_MS;
  return { mode, graceMs, ...(problems.length > 0 && { problem: problems.join("; ") }) };
}

function isMode(text: string): text is RollbackMode {
  return (Object.values(RollbackMode) as string[]).includes(text);
}
