type Json = Record<string, unknown>;

/** `fields=a.b,c` or `fields=-a.b`: what of an answer is wanted. */
export interface FieldSelection {
  paths: ReadonlySet<string>;
  exclude: boolean;
}

export function fieldSelection(query: URLSearchParams): FieldSelection | undefined {
  const text = query.get("fields");
  if (!text) return undefined;
  const exclude = text.startsWith("-");
  return { paths: new Set((exclude ? text.slice(1) : text).split(",")), exclude };
}

/** Keeps or drops paths of any answer; lists are passed through, as if they were their items. */
export function selectFields(value: unknown, selection: FieldSelection, path = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => selectFields(item, selection, path));
  if (typeof value !== "object" || value === null) return value;
  const kept: Json = {};
  for (const [key, member] of Object.entries(value)) {
    const here = path === "" ? key : `${path}.${key}`;
    const named = selection.paths.has(here);
    const wanted = selection.exclude ? !named : named || [...selection.paths].some((wish) => wish.startsWith(here));
    if (wanted) kept[key] = named ? member : selectFields(member, selection, here);
  }
  return kept;
}

/** What a list of applications can be cut down to, and what is shown where an application lacks it (undefined: nothing). */
const APPLICATION_FIELDS: readonly { path: string; absent: unknown; within?: string; from?: string }[] = [
  { path: "metadata.name", absent: "" },
  { path: "metadata.namespace", absent: "" },
  { path: "metadata.annotations", absent: null },
  { path: "metadata.labels", absent: null },
  { path: "metadata.creationTimestamp", absent: null },
  { path: "metadata.deletionTimestamp", absent: null },
  { path: "spec", absent: {} },
  { path: "spec.destination", absent: {} },
  { path: "spec.project", absent: "" },
  { path: "spec.source", absent: null },
  { path: "spec.sources", absent: null },
  { path: "spec.sourceHydrator", absent: null },
  { path: "spec.syncPolicy", absent: null },
  { path: "status.sourceHydrator", absent: {} },
  { path: "status.summary", absent: {} },
  { path: "status.sync.status", absent: "" },
  { path: "status.sync.revision", absent: "" },
  { path: "status.health", absent: {} },
  { path: "status.operationState.startedAt", absent: null, within: "status.operationState" },
  { path: "status.operationState.finishedAt", absent: null, within: "status.operationState" },
  { path: "status.resources", absent: undefined },
  { path: "operation.sync", absent: null, within: "operation" },
  { path: "status.operationState.phase", absent: "", within: "status.operationState" },
  // Argo CD shows the result of the sync under the name of its request; its page reads it there.
  { path: "status.operationState.operation.sync", absent: null, within: "status.operationState", from: "status.operationState.syncResult" },
];

/** The list of applications with `fields=items.…`: only the fields above can be chosen; metadata always stays. */
export function selectApplicationFields(list: { items?: unknown; metadata?: unknown }, selection: FieldSelection): Json {
  const fields = APPLICATION_FIELDS.filter(({ path }) => selection.paths.has(`items.${path}`) !== selection.exclude);
  const items = ((list.items as Json[] | null) ?? []).map((application) => {
    const kept: Json = {};
    for (const { path, absent, within, from } of fields) {
      if (within !== undefined && !at(application, within)) continue;
      const value = at(application, from ?? path) ?? absent;
      if (value !== undefined) put(kept, path, value);
    }
    return kept;
  });
  return { items: items.length === 0 ? null : items, metadata: list.metadata ?? {} };
}

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce((inner: unknown, key) => (typeof inner === "object" && inner !== null ? (inner as Json)[key] : undefined), value);
}

function put(target: Json, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop()!;
  let inner = target;
  for (const key of keys) inner = (inner[key] = { ...(inner[key] as Json | undefined) });
  inner[last] = value;
}
