import { useQueries } from "@tanstack/react-query";
import type { Application } from "@trireme/api/argo";
import { call } from "./client.ts";
import { useServerSettings } from "./server-settings.ts";

/** One right, as policies write it: `applications, sync, default/shop`. */
export interface Permission {
  resource: string;
  action: string;
  /** Undefined: for some object, whichever. */
  object?: string;
}

export const permission = (resource: string, action: string, object?: string): Permission => ({ resource, action, ...(object !== undefined && { object }) });

/** The right to do something to an application; elsewhere than in the control plane's namespace it is named with its own. */
export function applicationPermission(app: Pick<Application, "metadata" | "spec">, action: string, controlPlane: string | undefined): Permission {
  const { name = "", namespace = "" } = app.metadata;
  const place = namespace === "" || controlPlane === undefined || namespace === controlPlane ? "" : `${namespace}/`;
  return permission("applications", action, `${app.spec.project || "default"}/${place}${name}`);
}

/** The control plane's namespace; undefined until it is known. */
export function useControlPlane(): string | undefined {
  return useServerSettings().data?.controllerNamespace;
}

/** Those of the given rights that the reader lacks, as policies write them. Empty while it is not known: the server has the last word. */
export function useMissing(needs: readonly Permission[]): string[] {
  const answers = usePermissions(needs);
  return needs.flatMap((one, index) => (answers[index] === false ? [describe(one)] : []));
}

/** Whether the reader has each of these rights; undefined until known. */
export function usePermissions(needs: readonly Permission[]): (boolean | undefined)[] {
  return useQueries({ queries: needs.map((one) => ({ queryKey: ["permission", one.resource, one.action, one.object ?? null], queryFn: () => isAllowed(one), staleTime: 60_000 })) }).map(({ data }) => data);
}

export const describe = ({ resource, action, object }: Permission): string => [resource, action, ...(object ? [object] : [])].join(", ");

interface Question {
  permission: Permission;
  resolve: (allowed: boolean) => void;
  reject: (error: unknown) => void;
}

const MOST = 1000;
let waiting: Question[] = [];

/** Whether the reader has one right. What is asked in one go of the page is one call. */
export function isAllowed(one: Permission): Promise<boolean> {
  return new Promise((resolve, reject) => {
    if (waiting.push({ permission: one, resolve, reject }) === 1) setTimeout(ask, 0);
  });
}

function ask(): void {
  const questions = waiting;
  waiting = [];
  for (let at = 0; at < questions.length; at += MOST) void askSome(questions.slice(at, at + MOST));
}

async function askSome(questions: readonly Question[]): Promise<void> {
  try {
    const { allowed = [] } = await call<{ allowed?: boolean[] }>("POST", "api/trireme/v1/permissions", { permissions: questions.map(({ permission: { resource, action, object } }) => ({ resource, action, ...(object === undefined ? { somewhere: true } : { object }) })) });
    questions.forEach(({ resolve }, index) => resolve(allowed[index] === true));
  } catch (thrown) {
    for (const { reject } of questions) reject(thrown);
  }
}
