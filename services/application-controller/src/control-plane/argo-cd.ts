import type { KubeObject } from "@trireme/api";
import { isNotFound, KindNotServedError, type KubeClient } from "@trireme/kube";
import { asAppError, type Logger } from "@trireme/runtime";

const NAME = "argocd-application-controller";
const KINDS = ["StatefulSet", "Deployment"] as const;
const LOOK_AGAIN_MS = 5_000;

/** Argo CD's own application controller where it is to run in the control-plane namespace: `StatefulSet argocd/argocd-application-controller`. */
export async function argoCdIn(client: KubeClient, namespace: string, signal?: AbortSignal): Promise<string | undefined> {
  for (const kind of KINDS) {
    const { items } = await client.list<KubeObject>({ group: "apps", kind }, { namespace, labelSelector: `app.kubernetes.io/name=${NAME}`, ...(signal && { signal }) }).catch((error: unknown) => {
      if (error instanceof KindNotServedError) return { items: [] as KubeObject[] };
      throw error;
    });
    const theirs = items.find(({ metadata, spec }) => metadata.labels?.["app.kubernetes.io/part-of"] !== "trireme" && spec?.replicas !== 0);
    if (theirs !== undefined) return `${kind} ${namespace}/${theirs.metadata.name}`;
  }
  return undefined;
}

/**
 * Two controllers on the same applications undo each other's work: while Argo CD's is there, nothing is reconciled, and
 * `waiting` says why. A takeover goes on at once, and rolls nothing back by itself until somebody wants that: Argo CD did not.
 */
export async function withoutArgoCd(options: { client: KubeClient; namespace: string; takeover: boolean; log: Logger; waiting: (why: string) => void; pause: (ms: number) => Promise<void>; signal?: AbortSignal }): Promise<void> {
  const { client, namespace, takeover, log, waiting, pause, signal } = options;
  for (let told = ""; ; ) {
    signal?.throwIfAborted();
    const found = await argoCdIn(client, namespace, signal);
    if (found === undefined) return;
    if (takeover) {
      log.warn({ found }, "taking over from Argo CD");
      return keepRollbackOff(client, namespace, log);
    }
    const why = `Argo CD's application controller is installed here too (${found}): scale it to 0, or set TRIREME_TAKEOVER=true`;
    waiting(why);
    if (why !== told) log.error({ reason: "ArgoCdInstalled", found }, why);
    told = why;
    await pause(LOOK_AGAIN_MS);
  }
}

async function keepRollbackOff(client: KubeClient, namespace: string, log: Logger): Promise<void> {
  const ref = { group: "", kind: "ConfigMap", namespace, name: "argocd-cm" };
  try {
    const settings = await client.find<KubeObject>(ref);
    if (settings === undefined || settings["data"]?.["trireme.rollback"] !== undefined) return;
    await client.patch(ref, "merge", { metadata: { resourceVersion: settings.metadata.resourceVersion }, data: { "trireme.rollback": "off" } });
    log.info({ setting: "trireme.rollback", value: "off" }, "argocd-cm: automatic rollback is off until somebody switches it on");
  } catch (error) {
    if (!isNotFound(error)) log.warn({ error: asAppError(error).message }, "argocd-cm: trireme.rollback could not be set to off");
  }
}
