import { invalid } from "../../errors.ts";
import { signedIn, unary, type Rpc } from "../rpc.ts";

interface Question {
  resource?: string;
  action?: string;
  object?: string;
  somewhere?: boolean;
}

const MOST = 1000;

/** `CanI` for many questions at once: what a page needs to know before it offers a button. */
export const permissionService: Record<string, Rpc> = {
  Check: unary(signedIn("tells only what the caller may do"), async (request, { ctx, caller }) => {
    const questions: Question[] = request.permissions ?? [];
    if (questions.length > MOST) throw invalid(`at most ${MOST} permissions are answered at once, got ${questions.length}`);
    const projects = ctx.plane.projects.list().map(({ metadata }) => metadata.name ?? "");
    return { allowed: questions.map(({ resource = "", action = "", object = "", somewhere }) => (somewhere === true ? caller.allowsSomewhere(resource, action, projects) : caller.allows(resource, action, object))) };
  }),
};
