import { unary } from "../../rpc.ts";
import { byApplicationName, forApplication, type ApplicationCall } from "../access.ts";
import { appRequest, orCondition, ownerOf } from "./tree.ts";

interface ResourceDiff {
  group?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  hook?: boolean;
}

/** Desired, live and predicted state of each managed resource; hooks are not among them. */
export const managedResources = unary<ApplicationCall>(forApplication("get", byApplicationName), async (request, { app, ctx, signal }) => {
  const items = await orCondition(app, "error getting cached app managed resources", async () => {
    const all: ResourceDiff[] = [];
    for await (const chunk of ownerOf(app, ctx).managedResources(appRequest(app), { signal })) {
      const part = JSON.parse(String(chunk.json)) as ResourceDiff | ResourceDiff[] | { items?: ResourceDiff[] };
      all.push(...(Array.isArray(part) ? part : "items" in part ? (part.items ?? []) : [part as ResourceDiff]));
    }
    return all;
  });
  const fits = (wanted: string | undefined, value: string | undefined) => !wanted || wanted === (value ?? "");
  return { items: items.filter((item) => item.hook !== true && fits(request.name, item.name) && fits(request.namespace, item.namespace) && fits(request.group, item.group) && fits(request.kind, item.kind)) };
});
