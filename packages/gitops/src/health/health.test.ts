import type { KubeObject } from "@trireme/api";
import { applicationHealth, healthOf } from "./index.ts";

const object = (apiVersion: string, kind: string, more: Record<string, unknown> = {}): KubeObject => ({ apiVersion, kind, metadata: { name: "web", namespace: "team", generation: 2 }, ...more });
const deployment = (spec: object, status: object) => object("apps/v1", "Deployment", { spec: { replicas: 2, ...spec }, status: { observedGeneration: 2, updatedReplicas: 2, replicas: 2, availableReplicas: 2, ...status } });
const pod = (restartPolicy: string, status: object) => object("v1", "Pod", { spec: { restartPolicy }, status });

describe(healthOf, () => {
  test.each<{ name: string; of: KubeObject; want: string | undefined; message?: string }>([
    { name: "a ConfigMap has no health", of: object("v1", "ConfigMap"), want: undefined },
    { name: "anything that is being deleted", of: { ...object("v1", "ConfigMap"), metadata: { name: "web", deletionTimestamp: "2026-01-01T00:00:00Z" } }, want: "Progressing", message: "Pending deletion" },
    { name: "a hook that waits for its result to be read is judged as it is", of: { ...object("batch/v1", "Job", { status: { conditions: [{ type: "Complete", status: "True" }] } }), metadata: { name: "job", deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["argocd.argoproj.io/hook-finalizer"] } }, want: "Healthy" },
    { name: "a Deployment that is done", of: deployment({}, {}), want: "Healthy" },
    { name: "a paused Deployment", of: deployment({ paused: true }, {}), want: "Suspended", message: "Deployment is paused" },
    { name: "a Deployment whose controller is behind", of: deployment({}, { observedGeneration: 1 }), want: "Progressing", message: "Waiting for rollout to finish: observed deployment generation less than desired generation" },
    { name: "a Deployment past its deadline", of: deployment({}, { availableReplicas: 0, conditions: [{ type: "Progressing", reason: "ProgressDeadlineExceeded" }] }), want: "Degraded", message: 'Deployment "web" exceeded its progress deadline' },
    { name: "a Deployment with too few new replicas", of: deployment({}, { updatedReplicas: 1 }), want: "Progressing", message: "Waiting for rollout to finish: 1 out of 2 new replicas have been updated..." },
    { name: "a Deployment with old replicas left", of: deployment({}, { replicas: 3 }), want: "Progressing", message: "Waiting for rollout to finish: 1 old replicas are pending termination..." },
    { name: "a Deployment with unavailable replicas", of: deployment({}, { availableReplicas: 1 }), want: "Progressing", message: "Waiting for rollout to finish: 1 of 2 updated replicas are available..." },
    { name: "a Deployment of a version that nobody checks", of: object("apps/v1beta1", "Deployment"), want: "Unknown" },
    { name: "a StatefulSet that nobody has seen", of: object("apps/v1", "StatefulSet", { spec: {}, status: {} }), want: "Progressing", message: "Waiting for statefulset spec update to be observed..." },
    { name: "a StatefulSet of which a partition is done", of: object("apps/v1", "StatefulSet", { spec: { replicas: 3, updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } }, status: { observedGeneration: 2, readyReplicas: 3, updatedReplicas: 1 } }), want: "Healthy", message: "partitioned roll out complete: 1 new pods have been updated..." },
    { name: "a StatefulSet between two revisions", of: object("apps/v1", "StatefulSet", { spec: { replicas: 1 }, status: { observedGeneration: 2, readyReplicas: 1, updatedReplicas: 0, currentRevision: "a", updateRevision: "b" } }), want: "Progressing", message: "waiting for statefulset rolling update to complete 0 pods at revision b..." },
    { name: "a DaemonSet on too few nodes", of: object("apps/v1", "DaemonSet", { spec: {}, status: { observedGeneration: 2, updatedNumberScheduled: 1, desiredNumberScheduled: 3 } }), want: "Progressing", message: 'Waiting for daemon set "web" rollout to finish: 1 out of 3 new pods have been updated...' },
    { name: "a ReplicaSet that cannot make pods", of: object("apps/v1", "ReplicaSet", { spec: {}, status: { observedGeneration: 2, conditions: [{ type: "ReplicaFailure", status: "True", message: "quota" }] } }), want: "Degraded", message: "quota" },
    { name: "a failed Job", of: object("batch/v1", "Job", { status: { conditions: [{ type: "Failed", status: "True", message: "too often" }] } }), want: "Degraded", message: "too often" },
    { name: "a suspended Job", of: object("batch/v1", "Job", { status: { conditions: [{ type: "Suspended", status: "True" }] } }), want: "Suspended" },
    { name: "a running Job", of: object("batch/v1", "Job", { status: {} }), want: "Progressing" },
    { name: "a pod that cannot pull", of: pod("Always", { phase: "Pending", containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } }] }), want: "Degraded", message: "no such image" },
    { name: "a hook's pod that cannot pull may still come round", of: pod("Never", { phase: "Pending", containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff" } } }] }), want: "Progressing" },
    { name: "a pod that failed says with which code", of: pod("Never", { phase: "Failed", containerStatuses: [{ name: "c", state: { terminated: { exitCode: 3 } } }] }), want: "Degraded", message: 'container "c" failed with exit code 3' },
    { name: "a ready pod", of: pod("Always", { phase: "Running", conditions: [{ type: "Ready", status: "True" }] }), want: "Healthy" },
    { name: "a pod that crashed before", of: pod("Always", { phase: "Running", containerStatuses: [{ lastState: { terminated: {} } }] }), want: "Degraded" },
    { name: "a Service", of: object("v1", "Service", { spec: { type: "ClusterIP" } }), want: "Healthy" },
    { name: "a load balancer without an address", of: object("v1", "Service", { spec: { type: "LoadBalancer" } }), want: "Progressing" },
    { name: "an Ingress without an address", of: object("networking.k8s.io/v1", "Ingress"), want: "Progressing" },
    { name: "an Ingress with one", of: object("networking.k8s.io/v1", "Ingress", { status: { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } } }), want: "Healthy" },
    { name: "a lost claim", of: object("v1", "PersistentVolumeClaim", { status: { phase: "Lost" } }), want: "Degraded" },
    { name: "an autoscaler without its metrics", of: object("autoscaling/v2", "HorizontalPodAutoscaler", { status: { conditions: [{ type: "ScalingActive", status: "False", reason: "FailedGetResourceMetric", message: "none" }] } }), want: "Degraded", message: "none" },
    { name: "an autoscaler of v1 that says nothing", of: object("autoscaling/v1", "HorizontalPodAutoscaler"), want: "Progressing", message: "Waiting to Autoscale" },
    { name: "an APIService that is not there yet", of: object("apiregistration.k8s.io/v1", "APIService"), want: "Progressing", message: "Waiting to be processed" },
  ])("$name", ({ of, want, message }) => {
    const found = healthOf(of);
    expect(found?.status).toBe(want);
    if (message !== undefined) expect(found?.message).toBe(message);
  });
});

describe(applicationHealth, () => {
  const self = { namespace: "argocd", name: "app" };
  const live = (status: "Healthy" | "Degraded" | "Progressing", more: Partial<KubeObject> = {}) => ({ live: { ...object("v1", "Service"), ...more }, target: object("v1", "Service"), health: { status } });
  const missing = { live: undefined, target: object("v1", "Service"), health: undefined };

  test.each([
    { name: "no resources", resources: [], want: "Healthy" },
    { name: "the worst one counts", resources: [live("Healthy"), live("Progressing"), live("Degraded")], want: "Degraded" },
    { name: "a single missing one does not", resources: [live("Healthy"), missing], want: "Healthy" },
    { name: "all of them missing does", resources: [missing, missing], want: "Missing" },
    { name: "one that asked not to be judged", resources: [live("Degraded", { metadata: { name: "x", annotations: { "argocd.argoproj.io/ignore-healthcheck": "true" } } })], want: "Healthy" },
    { name: "hooks", resources: [live("Degraded", { metadata: { name: "x", annotations: { "argocd.argoproj.io/hook": "PreSync" } } })], want: "Healthy" },
  ])("$name", ({ resources, want }) => expect(applicationHealth(resources, self)).toBe(want));
});
