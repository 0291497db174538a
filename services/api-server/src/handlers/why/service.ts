import { byName, forApplication, type ApplicationCall } from "../application/access.ts";
import { appRequest, orCondition, ownerOf } from "../application/resources/tree.ts";
import { unary, type Rpc } from "../rpc.ts";

/** As the controller says it. */
interface Difference {
  path: string;
  desired?: unknown;
  live?: unknown;
  writer?: { manager: string; time?: string };
}

interface Why {
  reasons: { evidence?: readonly Difference[] }[];
}

/** Why an application is not Synced and Healthy, for whoever may see it. */
export const whyService: Record<string, Rpc> = {
  Get: unary<ApplicationCall>(forApplication("get", byName), async (_request, { app, ctx, signal }) => {
    const { json } = await orCondition(app, "error getting the reasons", () => ownerOf(app, ctx).why(appRequest(app), { signal }));
    const { reasons, ...state } = JSON.parse(String(json)) as Why;
    return { ...state, reasons: reasons.map((reason) => ({ ...reason, evidence: (reason.evidence ?? []).map(shownDifference) })) };
  }),
};

function shownDifference({ path, desired, live, writer }: Difference) {
  return { path, ...(desired !== undefined && { desired: JSON.stringify(desired) }), ...(live !== undefined && { live: JSON.stringify(live) }), ...(writer && { writer: writer.manager, ...(writer.time !== undefined && { writtenAt: writer.time }) }) };
}
