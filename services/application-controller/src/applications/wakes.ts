/**
 * How much is looked at: 0 what is there already, 1 the cluster again, 2 Git as far as it is known, 3 Git itself.
 */
export type Level = 0 | 1 | 2 | 3;

export interface Wake {
  level: Level;
  /** Renders past every cache. */
  hard: boolean;
  /** Revisions that were resolved just now, by `pinKey`. */
  pinned: ReadonlyMap<string, string>;
}

/** When to come back by oneself, and how closely to look then; undefined: when something happens. */
export type Next = { inMs: number; level: Level; hard?: boolean; pinned?: ReadonlyMap<string, string> } | undefined;

export const pinKey = (repoURL: string, targetRevision: string | undefined): string => `${repoURL}\0${targetRevision ?? ""}`;

/** Later wake-ups add to earlier ones: the closest look wins, pins and hardness are kept. */
export function mergeWakes(a: Wake | undefined, b: Wake): Wake {
  if (a === undefined) return b;
  return { level: Math.max(a.level, b.level) as Level, hard: a.hard || b.hard, pinned: new Map([...a.pinned, ...b.pinned]) };
}

export const NO_PINS: ReadonlyMap<string, string> = new Map();
