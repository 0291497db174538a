import type { Application } from "@trireme/api/argo";
import { normalizeRepoUrl, sameRepository, sourcesOf } from "@trireme/gitops";
import { asAppError } from "@trireme/runtime";
import { repositoryAccess } from "@trireme/settings";
import type { AppMemory } from "../applications/memory.ts";
import { pinKey, type Wake } from "../applications/wakes.ts";
import type { Deps } from "../deps.ts";
import { generatePathsAnnotation } from "../applications/desired.ts";
import { generatePaths } from "./generate-paths.ts";

export interface Followers {
  /** Applications of this replica, with what is remembered of them. */
  apps(): Iterable<{ key: string; app: Application; memory: AppMemory | undefined }>;
  wake(key: string, wake: Wake): void;
  /** The revision moved without touching the application: its status follows when there is time. */
  moved(key: string): void;
}

export interface Polls {
  /** Makes sure that the repositories of an application are looked at in their turn. */
  follow(app: Application): void;
  /** A repository's ref may have moved: finds out, and wakes whom it touches. Returns how many were woken. */
  refresh(job: { repoURL: string; ref: string; hint?: string }): Promise<number>;
}

/** References of one repository that were asked for together may share an answer for so long. */
const SHARED_ANSWER_MS = 5_000;

interface Target {
  repoURL: string;
  targetRevision: string;
  project: string;
  members: { key: string; app: Application; memory: AppMemory; index: number }[];
}

/** One look at a time for each repository, at its interval and jitter, however many applications follow it. */
export function polls(deps: Deps, followers: Followers): Polls {
  const { ctx, plane, config } = deps;

  const schedule = (repository: string, url: string) => {
    const { reconciliationMs, jitterMs } = plane.settings().timeouts;
    const interval = config.reconciliation.timeoutMs ?? reconciliationMs;
    if (interval <= 0) return;
    const jitter = config.reconciliation.jitterMs ?? jitterMs;
    ctx.wheel.set(`poll:${repository}`, ctx.clock.now() + interval + ctx.random() * jitter, () => {
      void look(url, () => true)
        .then((found) => found > -1 && schedule(repository, url))
        .catch((error: unknown) => {
          ctx.log.warn({ repository: url, error: asAppError(error).message }, "poll failed");
          schedule(repository, url);
        });
    });
  };

  /** -1: nobody follows the repository any more. */
  const look = async (url: string, wanted: (targetRevision: string) => boolean, hint?: string): Promise<number> => {
    const targets = targetsOf(followers.apps(), (other) => sameRepository(other, url));
    if (targets.length === 0) return -1;
    let woken = 0;
    for (const [index, target] of targets.filter(({ targetRevision }) => wanted(targetRevision)).entries()) woken += await ask(target, hint, index > 0 ? SHARED_ANSWER_MS : 0);
    return woken;
  };

  const ask = async (target: Target, hint: string | undefined, maxAgeMs: number): Promise<number> => {
    const known = target.members.filter(({ memory, index }) => memory.desired?.inputsKeys[index] !== undefined && memory.desired.revisions[index] !== undefined);
    const unknown = target.members.filter((member) => !known.includes(member));
    const answer = await ctx.repositories.changed(
      {
        repository: repositoryAccess(plane.settings().repositories.access(target.repoURL, target.project), plane.trust()),
        targetRevision: target.targetRevision,
        hintRevision: hint ?? "",
        maxAgeMs,
        known: known.map(({ app, memory, index }) => ({
          inputsKey: memory.desired!.inputsKeys[index]!,
          revision: memory.desired!.revisions[index]!,
          generatePaths: generatePaths(generatePathsAnnotation(app), memory.desired!.sources[index]!),
        })),
      },
      { deadlineMs: config.repoServer.timeoutMs },
    );
    const pinned = new Map([[pinKey(target.repoURL, target.targetRevision), answer.revision]]);
    let woken = 0;
    const wake = (key: string) => {
      woken++;
      followers.wake(key, { level: 2, hard: false, pinned });
    };
    for (const [index, member] of known.entries()) {
      const { desired } = member.memory;
      if (desired === undefined || desired.revisions[member.index] === answer.revision) continue;
      if (answer.touched[index] !== false) {
        wake(member.key);
        continue;
      }
      desired.revisions = desired.revisions.map((revision, at) => (at === member.index ? answer.revision : revision));
      member.memory.touched = false;
      followers.moved(member.key);
    }
    for (const { key } of unknown) wake(key);
    return woken;
  };

  return {
    follow(app) {
      for (const source of sourcesOf(app.spec)) {
        const repository = normalizeRepoUrl(source.repoURL);
        if (ctx.wheel.dueAt(`poll:${repository}`) === undefined) schedule(repository, source.repoURL);
      }
    },
    async refresh({ repoURL, ref, hint }) {
      const woken = await look(repoURL, (targetRevision) => mayFollow(targetRevision, ref), hint);
      return Math.max(0, woken);
    },
  };
}

function targetsOf(apps: Iterable<{ key: string; app: Application; memory: AppMemory | undefined }>, matches: (url: string) => boolean): Target[] {
  const targets = new Map<string, Target>();
  for (const { key, app, memory } of apps) {
    if (memory === undefined || app.metadata.deletionTimestamp !== undefined) continue;
    for (const [index, source] of sourcesOf(app.spec).entries()) {
      if (!matches(source.repoURL) || source.chart || isCommit(source.targetRevision)) continue;
      const project = app.spec.project || "default";
      const id = `${source.repoURL}\0${source.targetRevision ?? ""}\0${project}`;
      let target = targets.get(id);
      if (target === undefined) targets.set(id, (target = { repoURL: source.repoURL, targetRevision: source.targetRevision ?? "", project, members: [] }));
      target.members.push({ key, app, memory, index });
    }
  }
  return [...targets.values()];
}

const isCommit = (text: string | undefined): boolean => /^[0-9a-f]{40}$/.test(text ?? "");

/** Whether a target might mean a ref that a sender named. When in doubt it is asked. */
export function mayFollow(targetRevision: string, ref: string): boolean {
  if (ref === "" || targetRevision === "" || targetRevision === "HEAD") return true;
  const name = ref.replace(/^refs\/(heads|tags)\//, "");
  if (targetRevision === ref || targetRevision.replace(/^refs\/(heads|tags)\//, "") === name) return true;
  return ref.startsWith("refs/tags/") && /[*^~<>=x|]|^v?\d+(\.\d+)?$/.test(targetRevision);
}
