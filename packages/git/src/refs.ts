/** One ref as the server advertises it. `peeled` is the commit behind an annotated tag. */
export interface Ref {
  name: string;
  oid: string;
  peeled?: string;
}

/** What a server said its refs are, at one moment. */
export interface RefSnapshot {
  /** In the server's order, `HEAD` included where it has one. */
  refs: readonly Ref[];
  /** The branch that HEAD stands for: `refs/heads/main`. */
  head?: string;
  /** Milliseconds since the epoch at which the question was sent. */
  askedAt: number;
}

const BRANCH = "refs/heads/";
const TAG = "refs/tags/";

export function branchesOf(snapshot: RefSnapshot): string[] {
  return snapshot.refs.filter((ref) => ref.name.startsWith(BRANCH)).map((ref) => ref.name.slice(BRANCH.length));
}

export function tagsOf(snapshot: RefSnapshot): string[] {
  return snapshot.refs.filter((ref) => ref.name.startsWith(TAG)).map((ref) => ref.name.slice(TAG.length));
}

/** The commit that a ref leads to. */
export function commitOf(ref: Ref): string {
  return ref.peeled ?? ref.oid;
}

/** Tags that lead to the commit, sorted. */
export function tagsAt(snapshot: RefSnapshot, commit: string): string[] {
  return snapshot.refs.filter((ref) => ref.name.startsWith(TAG) && commitOf(ref) === commit).map((ref) => ref.name.slice(TAG.length)).sort();
}

/** HEAD's commit. */
export function headOf(snapshot: RefSnapshot): string | undefined {
  const head = snapshot.refs.find((ref) => ref.name === "HEAD") ?? snapshot.refs.find((ref) => ref.name === snapshot.head);
  return head === undefined ? undefined : commitOf(head);
}

const places = new WeakMap<RefSnapshot, Map<string, number>>();

/**
 * A ref by what people call it: a full name (`refs/heads/x`), or the short name of a branch or a tag, whichever
 * the server lists first.
 */
export function findRef(snapshot: RefSnapshot, name: string): Ref | undefined {
  let byName = places.get(snapshot);
  if (byName === undefined) places.set(snapshot, (byName = new Map(snapshot.refs.map((ref, place) => [ref.name, place]))));
  const found = [name, BRANCH + name, TAG + name].map((full) => byName.get(full)).filter((place) => place !== undefined);
  return found.length === 0 ? undefined : snapshot.refs[Math.min(...found)];
}
