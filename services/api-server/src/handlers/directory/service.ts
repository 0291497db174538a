import { renderTools } from "@trireme/settings";
import { FOR_APPLICATIONS, readableForApplications } from "../repository/readable.ts";
import { inside, unary, type Rpc } from "../rpc.ts";

const MOST = 500;

/** Plain directories that an application could be made of, which ListApps does not tell: any folder could be one, these hold manifests. */
export const directoryService: Record<string, Rpc> = {
  List: unary(inside(FOR_APPLICATIONS.why, ...FOR_APPLICATIONS.asks), async (request, call) => {
    const repository = readableForApplications(request, call);
    const { directories, moreDirectories } = await call.ctx.repo.listPaths({ repository, revision: request.revision ?? "", tools: renderTools(call.ctx.settings.current()), mostDirectories: MOST }, { signal: call.signal });
    return { items: directories, more: moreDirectories };
  }),
};
