const SET = /^\s*([^\s!=,()]+)\s+(in|notin)\s+\(([^)]*)\)\s*$/;
const EQUAL = /^\s*([^\s!=,()]+)\s*(!=|==?)\s*(\S*)\s*$/;
const EXISTS = /^\s*(!?)\s*([^\s!=,()]+)\s*$/;

/** One requirement as Kubernetes writes it: `team=shop`, `team!=shop`, `team`, `!team`, `team in (shop, blog)`. What is none fits nothing. */
export function labelTest(requirement: string): (labels: Readonly<Record<string, string>>) => boolean {
  const [, among, is, list = ""] = SET.exec(requirement) ?? [];
  if (among !== undefined) {
    const values = list.split(",").map((value) => value.trim());
    return (labels) => (labels[among] !== undefined && values.includes(labels[among])) === (is === "in");
  }
  const [, key, operator, value] = EQUAL.exec(requirement) ?? [];
  if (key !== undefined) return (labels) => (labels[key] === value) === (operator !== "!=");
  const [, not, name] = EXISTS.exec(requirement) ?? [];
  if (name !== undefined) return (labels) => (labels[name] !== undefined) === (not === "");
  return () => false;
}
