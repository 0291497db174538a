import { filter, unary } from "../rpc.ts";
import { rbacName } from "./access.ts";
import { preparedApplication } from "./prepared.ts";
import { applicationFilter } from "./queries.ts";

/** All applications that the caller may see, from memory; each one's JSON is made once for each version of it. */
export const list = unary(filter("applications"), async (request, { ctx, caller }) => {
  const wanted = applicationFilter(request);
  const items = ctx.applications.list().filter((app) => wanted.matches(app) && caller.allows("applications", "get", rbacName(app, ctx.namespace)));
  return { metadata: { resourceVersion: ctx.applications.resourceVersion() }, items: items.map(preparedApplication) };
});
