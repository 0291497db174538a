import { chapter } from "../call.ts";
import { deployment, get, map, MERGE, patch, post, put, remove, service, template, untilCode } from "../words.ts";

const range = (name: string, ...limits: Record<string, unknown>[]): any => ({ apiVersion: "v1", kind: "LimitRange", metadata: { name }, spec: { limits } });
const quota = (name: string, hard: Record<string, string>, spec: Record<string, unknown> = {}): any => ({ apiVersion: "v1", kind: "ResourceQuota", metadata: { name }, spec: { hard, ...spec } });
const pod = (name: string, resources?: Record<string, unknown>, spec: Record<string, unknown> = {}): any => ({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers: [{ name: "a", image: "i:1", ...(resources && { resources }) }], ...spec } });
const claim = (name: string, storage: string, spec: Record<string, unknown> = {}): any => ({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, ...spec } });

export const limitRanges = chapter("limit ranges", ({ core }) => [
  post("defaults", core("limitranges"), range("defaults", { type: "Container", default: { cpu: "500m", memory: "256Mi" }, defaultRequest: { cpu: "100m" }, max: { cpu: "2", memory: "1Gi" }, min: { cpu: "50m" }, maxLimitRequestRatio: { cpu: "10" } })),
  post("what is given alone", core("limitranges?dryRun=All"), range("filled", { type: "Container", max: { memory: "2Gi" }, min: { memory: "10Mi" } })),
  post("a pod that says nothing", core("pods"), pod("silent")),
  post("a pod that says some", core("pods"), pod("some", { requests: { cpu: "200m" }, limits: { memory: "512Mi" } }, { initContainers: [{ name: "i", image: "i:1" }] })),
  post("a pod that says all", core("pods"), pod("all", { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "1Gi" } })),
  post("too much of a limit", core("pods"), pod("bad", { limits: { cpu: "3" } })),
  post("too little of a request", core("pods"), pod("bad", { requests: { cpu: "10m" } })),
  post("too wide a ratio", core("pods"), pod("bad", { requests: { cpu: "100m" }, limits: { cpu: "1500m" } })),
  post("too much memory", core("pods"), pod("bad", { limits: { cpu: "1", memory: "2Gi" } })),
  post("in a dry run too", core("pods?dryRun=All"), pod("bad", { limits: { memory: "3Gi" } })),
  post("not in a template", "/apis/apps/v1/namespaces/c-limit-ranges/deployments", deployment("big", { template: template("big", { resources: { limits: { cpu: "9" } } }) })),
  post("for whole pods", core("limitranges"), range("pods", { type: "Pod", max: { memory: "600Mi" } })),
  post("a pod of two", core("pods?dryRun=All"), pod("bad", { limits: { memory: "300Mi" } }, { containers: [{ name: "a", image: "i:1", resources: { limits: { memory: "400Mi" } } }, { name: "b", image: "i:1", resources: { limits: { memory: "300Mi" } } }] }), untilCode(403)),
  post("a pod of one", core("pods"), pod("fits", { limits: { memory: "500Mi" } })),
  post("for claims", core("limitranges"), range("claims", { type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "5Gi" } })),
  post("too small a claim", core("persistentvolumeclaims?dryRun=All"), claim("bad", "1Mi"), untilCode(403)),
  post("too large a claim", core("persistentvolumeclaims"), claim("bad", "10Gi")),
  post("a claim between", core("persistentvolumeclaims"), claim("good", "2Gi")),
  post("limits that contradict", core("limitranges"), range("bad", { type: "Container", min: { cpu: "2" }, max: { cpu: "1" } })),
]);

export const resourceQuotas = chapter("resource quotas", ({ NS, core, apps }) => {
  const told = (name: string, hard: Record<string, string>, used: Record<string, string>) => patch(`what ${name} has`, core(`resourcequotas/${name}/status`), MERGE, { status: { hard, used } });
  const seen = (name: string) => get(`what ${name} says`, core(`resourcequotas/${name}`));
  const objects = { pods: "2", configmaps: "1", "count/deployments.apps": "1", services: "3", "services.nodeports": "2", "services.loadbalancers": "1", persistentvolumeclaims: "2", "requests.storage": "5Gi" };
  const zero = Object.fromEntries(Object.keys(objects).map((name) => [name, "0"]));
  const compute = { "requests.cpu": "1", "limits.memory": "1Gi", memory: "1Gi" };
  return [
    post("a quota of objects", core("resourcequotas"), quota("objects", objects)),
    post("before it knows", core("configmaps?dryRun=All"), map("early")),
    told("objects", objects, zero),
    post("one config map", core("configmaps"), map("one"), untilCode(201)),
    seen("objects"),
    post("one too many in a dry run", core("configmaps?dryRun=All"), map("two")),
    post("one too many", core("configmaps"), map("two")),
    post("one that is there", core("configmaps"), map("one")),
    patch("a change of what is there", core("configmaps/one"), MERGE, { data: { b: "c" } }),
    post("a deployment", apps("deployments"), deployment("one")),
    post("another deployment", apps("deployments"), deployment("two")),
    post("a service", core("services"), service("plain")),
    post("a service with a port on nodes", core("services"), service("open", { type: "NodePort" })),
    put("no more a port on nodes", core("services/open"), { ...service("open", { type: "ClusterIP" }), metadata: { name: "open", resourceVersion: "1" } }),
    patch("three ports on nodes", core("services/open"), MERGE, { spec: { ports: [{ name: "a", port: 80 }, { name: "b", port: 81 }, { name: "c", port: 82 }] } }),
    patch("the plain one balanced", core("services/plain"), MERGE, { spec: { type: "LoadBalancer" } }),
    post("another balanced one", core("services"), service("balanced", { type: "LoadBalancer" })),
    seen("objects"),
    post("a claim", core("persistentvolumeclaims"), claim("one", "3Gi")),
    post("a claim too large", core("persistentvolumeclaims"), claim("two", "3Gi")),
    post("a pod", core("pods"), pod("one")),
    post("a quota of what pods take", core("resourcequotas"), quota("compute", compute)),
    told("compute", compute, { "requests.cpu": "0", "limits.memory": "0", memory: "0" }),
    post("a pod that says nothing", core("pods?dryRun=All"), pod("two"), { until: (said) => JSON.stringify(said.body).includes("must specify") }),
    post("a pod that takes too much", core("pods?dryRun=All"), pod("two", { requests: { cpu: "2", memory: "512Mi" }, limits: { memory: "2Gi" } }), { until: (said) => JSON.stringify(said.body).includes("exceeded quota") }),
    post("a pod that fits", core("pods"), pod("two", { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "512Mi" } })),
    post("one pod too many", core("pods"), pod("three", { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "512Mi" } })),
    seen("compute"),
    seen("objects"),
    remove("the quota of objects", core("resourcequotas/objects")),
    remove("the quota of what pods take", core("resourcequotas/compute")),
    post("a quota of what ends", core("resourcequotas"), quota("ends", { pods: "0" }, { scopes: ["Terminating"] })),
    told("ends", { pods: "0" }, { pods: "0" }),
    post("a quota of best effort", core("resourcequotas"), quota("best", { pods: "0" }, { scopes: ["BestEffort", "NotTerminating"] })),
    told("best", { pods: "0" }, { pods: "0" }),
    post("a pod that ends", core("pods?dryRun=All"), pod("ending", { requests: { cpu: "1" } }, { activeDeadlineSeconds: 60 }), { until: (said) => JSON.stringify(said.body).includes("exceeded quota: ends") }),
    post("a pod of best effort", core("pods?dryRun=All"), pod("best"), { until: (said) => JSON.stringify(said.body).includes("exceeded quota: best") }),
    post("a pod of neither", core("pods"), pod("neither", { requests: { cpu: "1" } })),
    post("a quota with a scope that is none", core("resourcequotas"), quota("bad", { pods: "1" }, { scopes: ["Sometimes"] })),
    post("a quota that is negative", core("resourcequotas"), quota("bad", { pods: "-1" })),
    get("all of them", `/api/v1/namespaces/${NS}/resourcequotas`, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" }),
  ];
});
