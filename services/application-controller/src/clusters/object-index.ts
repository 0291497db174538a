import { keyOf, keyText, type KubeObject } from "@trireme/api";
import { parentsOf, trackedBy, type TrackingSettings } from "@trireme/gitops";

/** Live objects by uid, by owner and by the application whose mark they carry. */
export class ObjectIndex {
  readonly #tracking: () => TrackingSettings;
  readonly #implied: { statefulSetsIn(namespace: string): KubeObject[] };
  readonly #byUid = new Map<string, KubeObject>();
  readonly #children = new Map<string, Set<string>>();
  readonly #byInstance = new Map<string, Map<string, KubeObject>>();

  constructor(tracking: () => TrackingSettings, implied: { statefulSetsIn(namespace: string): KubeObject[] }) {
    this.#tracking = tracking;
    this.#implied = implied;
  }

  get size(): number {
    return this.#byUid.size;
  }

  byUid(uid: string): KubeObject | undefined {
    return this.#byUid.get(uid);
  }

  /** Objects that carry an application's mark, by key. */
  tracked(instance: string): ReadonlyMap<string, KubeObject> {
    return this.#byInstance.get(instance) ?? NONE;
  }

  childrenOf(object: KubeObject): KubeObject[] {
    const ids = [object.metadata.uid ?? "", keyText(keyOf(object))];
    return ids.flatMap((id) => [...(this.#children.get(id) ?? [])].flatMap((uid) => this.#byUid.get(uid) ?? []));
  }

  put(object: KubeObject, old: KubeObject | undefined): void {
    if (old !== undefined) this.#untrack(old);
    this.#byUid.set(object.metadata.uid ?? "", object);
    this.#track(object);
  }

  remove(object: KubeObject, old: KubeObject | undefined): void {
    if (old !== undefined) this.#untrack(old);
    this.#untrack(object);
    this.#byUid.delete(object.metadata.uid ?? "");
  }

  /** Reads every mark anew: the tracking method has changed. */
  reread(): void {
    this.#byInstance.clear();
    for (const object of this.#byUid.values()) this.#track(object);
  }

  #track(object: KubeObject): void {
    for (const parent of parentsOf(object, this.#implied)) setIn(this.#children, parent.uid || keyText(parent)).add(object.metadata.uid ?? "");
    const instance = trackedBy(object, this.#tracking());
    if (instance === "") return;
    let owned = this.#byInstance.get(instance);
    if (owned === undefined) this.#byInstance.set(instance, (owned = new Map()));
    owned.set(keyText(keyOf(object)), object);
  }

  #untrack(object: KubeObject): void {
    for (const parent of parentsOf(object, this.#implied)) {
      const id = parent.uid || keyText(parent);
      const siblings = this.#children.get(id);
      siblings?.delete(object.metadata.uid ?? "");
      if (siblings?.size === 0) this.#children.delete(id);
    }
    const instance = trackedBy(object, this.#tracking());
    const owned = this.#byInstance.get(instance);
    owned?.delete(keyText(keyOf(object)));
    if (owned?.size === 0) this.#byInstance.delete(instance);
  }
}

const NONE: ReadonlyMap<string, KubeObject> = new Map();

function setIn(map: Map<string, Set<string>>, key: string): Set<string> {
  let set = map.get(key);
  if (set === undefined) map.set(key, (set = new Set()));
  return set;
}
