import { maxSurge, maxUnavailable } from "../src/rollout/defaults.ts";
import { selectedOf } from "./_end.ts";
import { hashOf, wanted } from "./_imports.ts";
import type { Model } from "./_model.ts";
import { ServingPromise } from "./_promise.ts";

/** What must hold at every moment; `observe` of a model. */
export function promises(model: Model): () => void {
  const isCanary = model.rollout.spec.strategy?.canary !== undefined;
  const checks = [serviceCheck(model), ...(isCanary ? [canaryServing(model), surgeCheck(model), holdCheck(model)] : [blueGreenServing(model)])];
  return () => {
    for (const check of checks) check();
  };
}

const wantedOf = (model: Model): Record<string, number> => Object.fromEntries(model.sets.filter((set) => wanted(set) > 0).map((set) => [hashOf(set), wanted(set)]));

function serviceCheck(model: Model): () => void {
  return () => {
    for (const name of ["active", "preview", "stable", "canary"]) {
      const hash = selectedOf(model, name);
      if (hash !== undefined && model.set(hash) === undefined) throw new Error(`Service ${name} selects ${hash}, which is no set`);
    }
  };
}

/** Pods of every set serve. */
function canaryServing(model: Model): () => void {
  const promise = new ServingPromise();
  return () => {
    const { rollout: made, sets } = model;
    const staying = sets.reduce((sum, set) => sum + Math.min(model.available(hashOf(set)), wanted(set)), 0);
    promise.see({ replicas: made.spec.replicas ?? 1, maxUnavailable: maxUnavailable(made), serving: model.available(), staying });
  };
}

/** Never more pods wanted than `maxSurge` allows, but for what a smaller size leaves. */
function surgeCheck(model: Model): () => void {
  let before = 0;
  return () => {
    const most = (model.rollout.spec.replicas ?? 1) + maxSurge(model.rollout);
    const sum = model.sets.reduce((count, set) => count + wanted(set), 0);
    if (sum > before && sum > most) throw new Error(`${sum} pods wanted, with room for ${most}`);
    before = sum;
  };
}

/** A canary that a person has paused keeps every size. */
function holdCheck(model: Model): () => void {
  let held: string | undefined;
  return () => {
    const now = model.rollout.spec.paused === true ? JSON.stringify(wantedOf(model)) : undefined;
    if (held !== undefined && now !== undefined && now !== held) throw new Error(`paused by a person, it went from ${held} to ${now}`);
    held = now;
  };
}

/**
 * Pods of the active set serve, and the stable set could at any moment. An update that failed gives way to it at once,
 * however far it has come with a size that it was given meanwhile.
 */
function blueGreenServing(model: Model): () => void {
  const [serving, standby] = [new ServingPromise(), new ServingPromise()];
  let [active, stable]: (string | undefined)[] = [];
  return () => {
    const { spec, status } = model.rollout;
    const see = (promise: ServingPromise, hash: string | undefined) => {
      const count = hash === undefined ? 0 : model.available(hash);
      promise.see({ replicas: spec.replicas ?? 1, maxUnavailable: 0, serving: count, staying: Math.min(count, wanted(model.set(hash))) });
    };
    if (status?.stableRS !== stable) standby.take(serving);
    stable = status?.stableRS;
    see(standby, stable);
    const selected = selectedOf(model, "active");
    const isWanted = model.set(selected)?.spec.template.spec?.["containers"][0].image === spec.template?.spec?.containers[0]?.image;
    if (selected !== active && selected === stable && !isWanted) serving.take(standby);
    active = selected;
    see(serving, active);
  };
}
