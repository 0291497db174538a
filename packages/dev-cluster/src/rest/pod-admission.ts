import { randomInt } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import type { ApiContext } from "../server/context.ts";
import { forbidden } from "../server/status-error.ts";

const MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const LETTERS = "bcdfghjklmnpqrstvwxz2456789";
const PODS = { group: "", resource: "pods" };

/** What the server's own admission does to every pod: its ServiceAccount with a token, its priority class. */
export function admitPod(pod: KubeObject, ctx: ApiContext): void {
  serviceAccount(pod, ctx);
  priority(pod, ctx);
}

function serviceAccount(pod: KubeObject, ctx: ApiContext): void {
  const { spec, metadata } = pod;
  // Mirror pods of a kubelet have no account.
  if (metadata.annotations?.["kubernetes.io/config.mirror"]) return;
  spec.serviceAccountName ||= "default";
  spec.serviceAccount = spec.serviceAccountName;
  const account = ctx.store.get("serviceaccounts", `${metadata.namespace}/${spec.serviceAccountName}`)?.object;
  if (!account) throw forbidden(PODS, metadata.name ?? "", `error looking up service account ${metadata.namespace}/${spec.serviceAccountName}: serviceaccount ${JSON.stringify(spec.serviceAccountName)} not found`);
  if ((spec.imagePullSecrets ?? []).length === 0 && account.imagePullSecrets?.length) spec.imagePullSecrets = account.imagePullSecrets;

  const mounts = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  const containers: any[] = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  if (!mounts || containers.every((container) => (container.volumeMounts ?? []).some((mount: any) => mount.mountPath === MOUNT))) return;
  const name = `kube-api-access-${Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]).join("")}`;
  for (const container of containers) {
    if ((container.volumeMounts ?? []).some((mount: any) => mount.mountPath === MOUNT)) continue;
    container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath: MOUNT }];
  }
  spec.volumes = [
    ...(spec.volumes ?? []),
    {
      name,
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
          { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
          { downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] } },
        ],
        defaultMode: 0o644,
      },
    },
  ];
}

function priority(pod: KubeObject, ctx: ApiContext): void {
  const { spec } = pod;
  const classes = ctx.store.list("priorityclasses.scheduling.k8s.io").map(({ object }) => object);
  const chosen = spec.priorityClassName ? classes.find((one) => one.metadata.name === spec.priorityClassName) : classes.find((one) => one.globalDefault);
  if (spec.priorityClassName && !chosen) throw forbidden(PODS, pod.metadata.name ?? "", `no PriorityClass with name ${spec.priorityClassName} was found`);
  if (chosen) spec.priorityClassName = chosen.metadata.name;
  spec.priority = chosen?.value ?? 0;
  spec.preemptionPolicy = chosen?.preemptionPolicy ?? spec.preemptionPolicy ?? "PreemptLowerPriority";
}
