import type { Context } from "../../context.ts";
import { signedIn, unary, type Rpc } from "../rpc.ts";

/** Names only: what is configured is no secret to those who are signed in. */
const rule = signedIn("shows names of configured triggers, services and templates");

const named = (prefix: string): Rpc =>
  unary(rule, async (_request, { ctx }) => ({
    items: Object.keys(configuration(ctx))
      .filter((key) => key.startsWith(prefix))
      .sort()
      .map((key) => ({ name: key.slice(prefix.length) })),
  }));

function configuration(ctx: Context): Record<string, string> {
  return ctx.settings.configMap("argocd-notifications-cm")?.data ?? {};
}

export const notificationService: Record<string, Rpc> = { ListTriggers: named("trigger."), ListServices: named("service."), ListTemplates: named("template.") };
