import type { ResourceStatus } from "@trireme/api/argo";

export interface DeleteBudget {
  /** At most so many objects. */
  count: number;
  /** At most this share of the application's objects, 0 to 1. */
  share: number;
  /** Namespaces, definitions and volumes may go too. */
  precious: boolean;
}

/** Annotation on an Application: `count=20,share=50%,precious=true`; each part may be left out. */
export const DELETE_BUDGET_ANNOTATION = "trireme.dev/delete-budget";

export const DEFAULT_DELETE_BUDGET: DeleteBudget = { count: 50, share: 0.5, precious: false };

/** So few objects are no share of anything. */
const SHARE_FROM = 5;
const PRECIOUS = ["/Namespace", "apiextensions.k8s.io/CustomResourceDefinition", "/PersistentVolume", "/PersistentVolumeClaim"];

/** Reads the annotation. Throws TypeError that names the part that cannot be read. */
export function parseDeleteBudget(text: string | undefined): DeleteBudget {
  const budget = { ...DEFAULT_DELETE_BUDGET };
  for (const part of (text ?? "").split(",").map((each) => each.trim()).filter((each) => each !== "")) {
    const [name, value = ""] = part.split("=", 2) as [string, string?];
    const percent = /^(\d{1,3})%$/.exec(value);
    if (name === "count" && /^\d{1,9}$/.test(value)) budget.count = Number(value);
    else if (name === "share" && percent !== null && Number(percent[1]) <= 100) budget.share = Number(percent[1]) / 100;
    else if (name === "precious" && (value === "true" || value === "false")) budget.precious = value === "true";
    else throw new TypeError(`${DELETE_BUDGET_ANNOTATION}: "${part}" is none of count=<number>, share=<percent>%, precious=<true|false>`);
  }
  return budget;
}

/** Why an automated operation may not prune what it would; `undefined` where it may. A person's sync with pruning always may. */
export function overDeleteBudget(resources: readonly ResourceStatus[], budget: DeleteBudget): string | undefined {
  const doomed = resources.filter((resource) => resource.requiresPruning === true && resource.hook !== true);
  const precious = budget.precious ? undefined : doomed.find((resource) => PRECIOUS.includes(`${resource.group ?? ""}/${resource.kind}`));
  const cure = "sync with pruning to confirm";
  if (precious !== undefined) return `would delete ${precious.kind} ${precious.name}: ${cure}`;
  if (doomed.length > budget.count) return `would delete ${doomed.length} objects, more than ${budget.count}: ${cure}`;
  if (doomed.length >= SHARE_FROM && doomed.length > budget.share * resources.length) return `would delete ${doomed.length} of ${resources.length} objects, more than ${budget.share * 100} %: ${cure}`;
  return undefined;
}
