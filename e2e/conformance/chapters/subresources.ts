import { chapter, type Request } from "../call.ts";
import { APPLY, as, get, JSON_PATCH, map, MERGE, patch, post, put, remove, TABLE, template } from "../words.ts";

const selected = (name: string): any => ({ selector: { matchLabels: { app: name } }, template: template(name) });
const scaleOf = (name: string, replicas: unknown): any => ({ apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name }, spec: { replicas } });

/** Status and scale of everything that has them. */
export const subresources = chapter("subresources", ({ core, apps, batch, of }) => {
  const scales = (resource: string, kind: string, path: string, spec: unknown, apiVersion = "apps/v1"): Request[] => {
    const at = `${path}/one`;
    return [
      post(`a ${kind}`, path, { apiVersion, kind, metadata: { name: "one" }, spec }),
      get(`scale of ${resource}`, `${at}/scale`),
      put(`scale of ${resource} set`, `${at}/scale`, scaleOf("one", 3)),
      patch(`scale of ${resource} merged`, `${at}/scale?fieldManager=scaler`, MERGE, { spec: { replicas: 4 } }),
      patch(`scale of ${resource} by operations`, `${at}/scale`, JSON_PATCH, [{ op: "replace", path: "/spec/replicas", value: 5 }]),
      patch(`scale of ${resource} applied`, `${at}/scale?fieldManager=applier&force=true`, APPLY, scaleOf("one", 6)),
      put(`scale of ${resource} in words`, `${at}/scale`, scaleOf("one", "two")),
      put(`scale of ${resource} without a number`, `${at}/scale`, { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "one" } }),
      get(`${resource} after all`, at),
    ];
  };
  const statuses = (what: string, at: string, whole: unknown, status: unknown): Request[] => [
    get(`status of ${what}`, `${at}/status`),
    patch(`status of ${what} merged`, `${at}/status?fieldManager=controller`, MERGE, { status }),
    patch(`status of ${what} through the front door`, `${at}?fieldManager=visitor`, MERGE, { status }),
    patch(`status of ${what} applied`, `${at}/status?fieldManager=applier&force=true`, APPLY, { ...(whole as object), status }),
    patch(`labels of ${what} with its status`, `${at}/status?fieldManager=controller`, MERGE, { metadata: { labels: { by: "status" }, annotations: { by: "status" } } }),
    remove(`the status of ${what} cannot be deleted`, `${at}/status`),
    post(`the status of ${what} cannot be made`, `${at}/status`, whole),
    get(`${what} as a table`, at, { accept: TABLE }),
  ];
  const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "claim" }, spec: { accessModes: ["ReadWriteOnce"], storageClassName: "", resources: { requests: { storage: "1Gi" } } } };
  const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "job" }, spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1" }] } } } };
  const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "budget" }, spec: { minAvailable: 1, selector: { matchLabels: { app: "x" } } } };
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "svc" }, spec: { ports: [{ port: 80 }] } };
  const ingress = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "in" }, spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } } } };
  return [
    ...scales("deployments", "Deployment", apps("deployments"), selected("one")),
    ...scales("replica sets", "ReplicaSet", apps("replicasets"), selected("one")),
    ...scales("stateful sets", "StatefulSet", apps("statefulsets"), { serviceName: "s", ...selected("one") }),
    ...scales("replication controllers", "ReplicationController", core("replicationcontrollers"), { selector: { app: "one" }, template: template("one") }, "v1"),
    get("no scale of daemon sets", apps("daemonsets/none/scale")),
    get("no scale of config maps", core("configmaps/none/scale")),
    get("no status of config maps", core("configmaps/none/status")),
    get("the scale of what is not there", apps("deployments/none/scale")),
    get("the status of what is not there", apps("deployments/none/status")),
    ...statuses("a deployment", apps("deployments/one"), { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "one" } }, { replicas: 2, readyReplicas: 1, conditions: [{ type: "Available", status: "True", reason: "R", message: "m" }] }),
    post("a claim", core("persistentvolumeclaims"), claim),
    ...statuses("a claim", core("persistentvolumeclaims/claim"), { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "claim" } }, { phase: "Bound", capacity: { storage: "1024Mi" }, accessModes: ["ReadWriteOnce"] }),
    post("a job", batch("jobs"), job),
    ...statuses("a job", batch("jobs/job"), { apiVersion: "batch/v1", kind: "Job", metadata: { name: "job" } }, { active: 1, ready: 0, startTime: "2026-01-01T00:00:00Z" }),
    post("a budget", of("policy/v1", "poddisruptionbudgets"), budget),
    ...statuses("a budget", of("policy/v1", "poddisruptionbudgets/budget"), { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "budget" } }, { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 }),
    post("a service", core("services"), service),
    ...statuses("a service", core("services/svc"), { apiVersion: "v1", kind: "Service", metadata: { name: "svc" } }, { loadBalancer: {}, conditions: [{ type: "T", status: "True", reason: "R", message: "m", lastTransitionTime: "2026-01-01T00:00:00Z" }] }),
    post("an ingress", of("networking.k8s.io/v1", "ingresses"), ingress),
    ...statuses("an ingress", of("networking.k8s.io/v1", "ingresses/in"), { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "in" } }, { loadBalancer: { ingress: [{ ip: "1.2.3.4" }, { hostname: "a.test" }] } }),
  ];
});

const review = (spec: unknown): unknown => ({ apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec });
const ask = (name: string, attributes: unknown, rest: Partial<Request> = {}): Request => post(name, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review({ resourceAttributes: attributes }), rest);
const whoAmI = (name: string, headers: Record<string, string>): Request => post(name, "/apis/authentication.k8s.io/v1/selfsubjectreviews", { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" }, { headers });

/** Acting as somebody else, and what they may. */
export const impersonation = chapter("impersonation", ({ NS, core, rbac }) => [
  post("a map", core("configmaps"), map("m")),
  post("a role", rbac("roles"), { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "one-map" }, rules: [{ apiGroups: [""], resources: ["configmaps"], resourceNames: ["m"], verbs: ["get", "patch"] }, { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["*"] }] }),
  post("a binding", rbac("rolebindings"), { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: { name: "mappers" }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "one-map" }, subjects: [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "mappers" }, { kind: "ServiceAccount", name: "default", namespace: NS }] }),
  whoAmI("as a user", { "impersonate-user": "jane" }),
  whoAmI("as a user in groups", { "impersonate-user": "jane", "impersonate-group": "mappers" }),
  whoAmI("as a service account", { "impersonate-user": `system:serviceaccount:${NS}:default` }),
  whoAmI("with a uid and extras", { "impersonate-user": "jane", "impersonate-uid": "u-1", "impersonate-extra-scopes": "view", "impersonate-extra-acme.com%2fproject": "x" }),
  whoAmI("as nobody", { "impersonate-user": "system:anonymous" }),
  whoAmI("a group without a user", { "impersonate-group": "mappers" }),
  whoAmI("an extra without a user", { "impersonate-extra-scopes": "view" }),
  get("allowed by a group", core("configmaps/m"), as("jane", "mappers")),
  get("not another map", core("configmaps/n"), as("jane", "mappers")),
  get("not all maps", core("configmaps"), as("jane", "mappers")),
  get("by a field selector of that name", core("configmaps?fieldSelector=metadata.name%3Dm"), as("jane", "mappers")),
  patch("allowed to patch", core("configmaps/m"), MERGE, { data: { by: "jane" } }, as("jane", "mappers")),
  put("not to update", core("configmaps/m"), map("m"), as("jane", "mappers")),
  remove("not to delete", core("configmaps/m"), undefined, as("jane", "mappers")),
  remove("not to delete all", core("configmaps"), undefined, as("jane", "mappers")),
  get("not to watch", core("configmaps?watch=1"), as("jane", "mappers")),
  get("the service account may", core("configmaps/m"), as(`system:serviceaccount:${NS}:default`)),
  get("without being in the group", core("configmaps/m"), as("jane")),
  post("jane may not act as joe", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review({ resourceAttributes: { verb: "impersonate", resource: "users", name: "joe" } }), as("jane")),
  ask("may jane get that map", { namespace: NS, verb: "get", resource: "configmaps", name: "m" }, as("jane", "mappers")),
  ask("may jane get another", { namespace: NS, verb: "get", resource: "configmaps", name: "n" }, as("jane", "mappers")),
  ask("may jane scale", { namespace: NS, verb: "update", group: "apps", resource: "deployments", subresource: "scale" }, as("jane", "mappers")),
  ask("may jane update", { namespace: NS, verb: "update", group: "apps", resource: "deployments" }, as("jane", "mappers")),
  ask("may jane anywhere", { verb: "get", resource: "configmaps", name: "m" }, as("jane", "mappers")),
  ask("may I everything", { verb: "*", group: "*", resource: "*" }),
  ask("may I what is none", { verb: "fly", resource: "birds" }),
  post("may I read a path", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review({ nonResourceAttributes: { path: "/openapi/v3", verb: "get" } }), as("jane")),
  post("both attributes", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review({ resourceAttributes: { verb: "get", resource: "pods" }, nonResourceAttributes: { path: "/x", verb: "get" } })),
  post("in one namespace", `/apis/authorization.k8s.io/v1/namespaces/${NS}/localsubjectaccessreviews`, { apiVersion: "authorization.k8s.io/v1", kind: "LocalSubjectAccessReview", metadata: { namespace: NS }, spec: { user: "jane", groups: ["mappers"], resourceAttributes: { namespace: NS, verb: "get", resource: "configmaps", name: "m" } } }),
  post("in another namespace", `/apis/authorization.k8s.io/v1/namespaces/${NS}/localsubjectaccessreviews`, { apiVersion: "authorization.k8s.io/v1", kind: "LocalSubjectAccessReview", metadata: { namespace: NS }, spec: { user: "jane", resourceAttributes: { namespace: "other", verb: "get", resource: "configmaps" } } }),
  get("discovery is for everybody signed in", "/apis/apps", as("jane")),
  get("and not for strangers", "/apis/apps", as("system:anonymous")),
]);

const event = (name: string, rest: Record<string, unknown>): unknown => ({ apiVersion: "v1", kind: "Event", metadata: { name }, ...rest });

/** Both APIs of events, and pods' logs without a node. */
export const eventsAndLogs = chapter("events and logs", ({ NS, core, of }) => [
  post("an event", core("events"), event("one", { involvedObject: { kind: "Pod", name: "p", namespace: NS, uid: "u" }, reason: "R", message: "m", type: "Normal", source: { component: "c", host: "h" }, firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:00:00Z", count: 1 })),
  patch("it happened again", core("events/one"), MERGE, { count: 2, lastTimestamp: "2026-01-01T00:01:00Z" }),
  get("in the newer API", of("events.k8s.io/v1", "events/one")),
  get("as tables", core("events"), { accept: TABLE }),
  get("as tables in the newer API", of("events.k8s.io/v1", "events"), { accept: TABLE }),
  post("a new event", of("events.k8s.io/v1", "events"), { apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "two" }, eventTime: "2026-01-01T00:00:00.000001Z", reportingController: "test.dev/c", reportingInstance: "i-1", action: "Test", reason: "R", type: "Normal", note: "n", regarding: { kind: "Pod", name: "p", namespace: NS } }),
  get("in the older API", core("events/two")),
  post("a new event without what it needs", of("events.k8s.io/v1", "events"), { apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "three" }, regarding: { kind: "Pod", name: "p", namespace: NS } }),
  post("an event without an object", core("events"), event("four", { reason: "R" })),
  get("by its object", core("events?fieldSelector=involvedObject.name%3Dp,involvedObject.kind%3DPod")),
  get("by its object in the newer API", of("events.k8s.io/v1", "events?fieldSelector=regarding.name%3Dp")),
  remove("all", core("events")),
  post("a pod", core("pods"), { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { containers: [{ name: "a", image: "i:1" }, { name: "b", image: "i:1" }], initContainers: [{ name: "i", image: "i:1" }] } }),
  get("logs of a pod that nobody runs", core("pods/p/log?container=a")),
  get("logs of no container in particular", core("pods/p/log")),
  get("logs of an init container", core("pods/p/log?container=i")),
  get("logs of a container that is none", core("pods/p/log?container=none")),
  get("logs with a bad number", core("pods/p/log?container=a&tailLines=x")),
  get("logs with too few lines", core("pods/p/log?container=a&tailLines=-1")),
  get("logs since two times", core("pods/p/log?container=a&sinceSeconds=1&sinceTime=2026-01-01T00%3A00%3A00Z")),
  get("logs with a limit of nothing", core("pods/p/log?container=a&limitBytes=0")),
]);
