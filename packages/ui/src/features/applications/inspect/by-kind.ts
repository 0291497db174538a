/** Names grouped by kind, in order; objects of several namespaces are named with theirs. */
export function byKind(objects: readonly { kind?: string; namespace?: string; name?: string }[]): [kind: string, names: string[]][] {
  const several = new Set(objects.map(({ namespace }) => namespace ?? "").filter((one) => one !== "")).size > 1;
  const groups = new Map<string, string[]>();
  for (const { kind = "", namespace = "", name = "" } of objects) groups.set(kind, [...(groups.get(kind) ?? []), several && namespace !== "" ? `${namespace}/${name}` : name]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([kind, names]) => [kind, names.sort()]);
}
