/**
 * The simple JSONPath of printer columns (`.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`,
 * `.spec.ports[*].port`, `.metadata.annotations.example\.com/x`): every value found, in order.
 */
export function jsonPathText(object: unknown, path: string): unknown[] {
  let found: unknown[] = [object];
  for (const step of steps(path)) found = found.flatMap((value) => follow(value, step)).filter((value) => value !== undefined && value !== null);
  return found;
}

type Step = { name: string } | { index: number } | { all: true } | { where: readonly string[]; equals: string };

const compiled = new Map<string, Step[]>();
const TOKEN = /\.((?:\\.|[^.[\]\\])+)|\[(\d+)\]|\[\*\]|\.\*|\['((?:[^'\\]|\\.)*)'\]|\[\?\(@((?:\.[^=!<> ]+)+)\s*==\s*["']([^"']*)["']\)\]/gy;

function steps(path: string): Step[] {
  let list = compiled.get(path);
  if (list) return list;
  list = [];
  const text = path.replace(/^\{(.*)\}$/, "$1").replace(/^\$/, "");
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [whole, name, index, quoted, where, equals] = match;
    if (name !== undefined && whole !== ".*") list.push({ name: name.replaceAll(/\\(.)/g, "$1") });
    else if (index !== undefined) list.push({ index: Number(index) });
    else if (quoted !== undefined) list.push({ name: quoted });
    else if (where !== undefined) list.push({ where: where.split(".").slice(1), equals: equals! });
    else list.push({ all: true });
  }
  compiled.set(path, list);
  return list;
}

function follow(value: any, step: Step): unknown[] {
  if (value === null || typeof value !== "object") return [];
  if ("name" in step) return [value[step.name]];
  if ("index" in step) return [value[step.index]];
  const items: unknown[] = Array.isArray(value) ? value : Object.values(value);
  if ("all" in step) return items;
  return items.filter((item: any) => step.where.reduce((at, key) => at?.[key], item) === step.equals);
}
