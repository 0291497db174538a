/** Panels of one application, in the order in which they are offered. */
export const PANELS = ["diff", "operation", "history", "parameters", "details", "manifest", "events"] as const;
export type PanelName = (typeof PANELS)[number];

/** Keys that open a panel. */
export const PANEL_KEYS: Partial<Record<PanelName, string>> = { diff: "d", history: "h", operation: "o" };

/** What Argo CD's tabs of the application itself are called here. */
const ARGO_TABS: Record<string, PanelName> = { summary: "details", parameters: "parameters", manifest: "manifest", diff: "diff", event: "events", events: "events" };

/** The panel that an address means; Argo CD's own addresses of the same things are understood too. `own` is the application's key as an object. */
export function panelOf(parameters: URLSearchParams, own: string): PanelName | undefined {
  const asked = parameters.get("panel");
  const named = PANELS.find((one) => one === asked);
  if (named !== undefined) return named;
  if (parameters.get("operation") === "true") return "operation";
  if (parameters.has("rollback")) return "history";
  if (isOwnNode(parameters.get("node"), own)) return ARGO_TABS[parameters.get("tab") ?? "summary"] ?? "details";
  return undefined;
}

/** Whether an object's address means the application itself, and not one that it deploys. */
export const isOwnNode = (node: string | null, own: string): boolean => node === own || node?.replace(/\/\d+$/, "") === own;

/** What an address is without any panel or object. */
export const NO_PANEL = { panel: undefined, operation: undefined, rollback: undefined, node: undefined, tab: undefined, entry: undefined };
