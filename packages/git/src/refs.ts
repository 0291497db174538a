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

/**
 * A ref by what people call it: a full name (`refs/heads/x`), or the short name of a branch or a tag, whichever
 * the server lists first.
 */
export function findRef(snapshot: RefSnapshot, name: string): Ref | undefined {
  return snapshot.refs.find((ref) => ref.name === name || ref.name === BRANCH + name || ref.name === TAG + name);
}
