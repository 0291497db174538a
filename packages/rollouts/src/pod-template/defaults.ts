import type { PodTemplate } from "../rollout/objects.ts";
import { copyJson } from "../rollout/json.ts";

type Fields = Record<string, any>;

/** A pod template with what the API server fills in when it stores one; the argument is not changed. */
export function withPodDefaults(template: PodTemplate): PodTemplate {
  const copy = copyJson(template);
  const spec: Fields = (copy.spec ??= {});
  spec["restartPolicy"] ||= "Always";
  spec["terminationGracePeriodSeconds"] ??= 30;
  spec["dnsPolicy"] ||= "ClusterFirst";
  spec["securityContext"] ??= {};
  spec["schedulerName"] ||= "default-scheduler";
  for (const list of ["initContainers", "containers", "ephemeralContainers"]) for (const container of spec[list] ?? []) defaultContainer(container, spec["hostNetwork"] === true);
  for (const volume of spec["volumes"] ?? []) defaultVolume(volume);
  for (const [name, value] of Object.entries(spec)) if (value === null) delete spec[name];
  return copy;
}

function defaultContainer(container: Fields, hostNetwork: boolean): void {
  container["terminationMessagePath"] ||= "/dev/termination-log";
  container["terminationMessagePolicy"] ||= "File";
  container["imagePullPolicy"] ||= isLatest(String(container["image"] ?? "")) ? "Always" : "IfNotPresent";
  for (const port of container["ports"] ?? []) {
    port.protocol ||= "TCP";
    if (hostNetwork) port.hostPort ||= port.containerPort;
  }
  for (const variable of container["env"] ?? []) if (variable.valueFrom?.fieldRef !== undefined) variable.valueFrom.fieldRef.apiVersion ||= "v1";
  const { limits, requests } = container["resources"] ?? {};
  if (limits !== undefined) container["resources"].requests = { ...limits, ...requests };
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) if (container[name]) defaultProbe(container[name]);
  for (const handler of [container["lifecycle"]?.postStart, container["lifecycle"]?.preStop]) if (handler?.httpGet !== undefined) defaultHttpGet(handler.httpGet);
}

/** `latest`, said or meant. A digest is none. */
function isLatest(image: string): boolean {
  if (image.includes("@")) return false;
  const name = image.slice(image.lastIndexOf("/") + 1);
  return !name.includes(":") || name.endsWith(":latest");
}

function defaultProbe(probe: Fields): void {
  probe["timeoutSeconds"] ||= 1;
  probe["periodSeconds"] ||= 10;
  probe["successThreshold"] ||= 1;
  probe["failureThreshold"] ||= 3;
  if (probe["httpGet"] !== undefined) defaultHttpGet(probe["httpGet"]);
  if (probe["grpc"] !== undefined) probe["grpc"].service ??= "";
}

function defaultHttpGet(action: Fields): void {
  action["path"] ||= "/";
  action["scheme"] ||= "HTTP";
}

function defaultVolume(volume: Fields): void {
  if (Object.keys(volume).length === 1) volume["emptyDir"] = {};
  for (const source of ["secret", "configMap", "downwardAPI", "projected"]) if (volume[source]) volume[source].defaultMode ??= 420;
  if (volume["hostPath"]) volume["hostPath"].type ??= "";
  for (const item of volume["downwardAPI"]?.items ?? []) if (item.fieldRef !== undefined) item.fieldRef.apiVersion ||= "v1";
  for (const source of volume["projected"]?.sources ?? []) {
    if (source.serviceAccountToken !== undefined) source.serviceAccountToken.expirationSeconds ??= 3600;
    for (const item of source.downwardAPI?.items ?? []) if (item.fieldRef !== undefined) item.fieldRef.apiVersion ||= "v1";
  }
  if (volume["iscsi"]) volume["iscsi"].iscsiInterface ||= "default";
  if (volume["rbd"]) Object.assign(volume["rbd"], { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring", ...volume["rbd"] });
  if (volume["azureDisk"]) Object.assign(volume["azureDisk"], { cachingMode: "ReadWrite", fsType: "ext4", readOnly: false, kind: "Shared", ...volume["azureDisk"] });
  if (volume["scaleIO"]) Object.assign(volume["scaleIO"], { storageMode: "ThinProvisioned", fsType: "xfs", ...volume["scaleIO"] });
  const claim = volume["ephemeral"]?.volumeClaimTemplate?.spec;
  if (claim !== undefined) claim.volumeMode ??= "Filesystem";
}
