import { unary } from "../rpc.ts";
import { byApplicationName, forApplication, type ApplicationCall } from "./access.ts";
import { treeOf } from "./tree.ts";

export const resourceTree = unary<ApplicationCall>(forApplication("get", byApplicationName), (_request, { app, ctx, signal }) => treeOf(app, ctx, signal));
