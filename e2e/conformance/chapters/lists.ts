import { chapter, type Request } from "../call.ts";
import { deployment, get, map, MERGE, PARTIAL_LIST, patch, post, remove, TABLE, template } from "../words.ts";

const labelled = (name: string, labels: Record<string, string>): any => ({ ...map(name), metadata: { name, labels } });

export const selectors = chapter("selectors", ({ NS, core, apps }) => {
  const by = (selector: string): Request => get(`labels ${selector}`, core(`configmaps?labelSelector=${encodeURIComponent(selector)}`));
  const fields = (resource: string, selector: string): Request => get(`${resource} by ${selector}`, `${resource === "deployments" || resource === "replicasets" ? apps(resource) : core(resource)}?fieldSelector=${encodeURIComponent(selector)}`);
  const anywhere = (path: string, selector: string): Request => get(`${path} by ${selector}`, `${path}?fieldSelector=${encodeURIComponent(selector)}`);
  return [
    post("one", core("configmaps"), labelled("one", { tier: "web", env: "dev" })),
    post("two", core("configmaps"), labelled("two", { tier: "web", env: "prod" })),
    post("three", core("configmaps"), labelled("three", { tier: "db" })),
    post("four", core("configmaps"), map("four")),
    ...["tier=web", "tier==web", "tier!=web", "tier in (web,db)", "tier notin (web)", "tier", "!tier", "tier=web,env=dev", "tier in (web),env notin (dev)", "env=", "tier=a b", "tier in ()", "tier in web", "=x", "tier=web,", "a/b/c=d", "env>1", "env<x", ",", "tier=-x"].map(by),
    post("a pod", core("pods"), { apiVersion: "v1", kind: "Pod", metadata: { name: "p", labels: { a: "b" } }, spec: { nodeName: "n1", containers: [{ name: "c", image: "i:1" }], restartPolicy: "Never" } }),
    ...["metadata.name=p", "metadata.name!=p", `metadata.namespace=${NS}`, "metadata.namespace=other", "spec.nodeName=n1", "spec.nodeName=n2", "spec.nodeName!=n1", "status.phase=Pending", "status.phase=Running", "spec.restartPolicy=Never", "spec.schedulerName=default-scheduler", "spec.serviceAccountName=default", "status.podIP=", "spec.hostNetwork=false", "status.nominatedNodeName=", "spec.image=x", "metadata.name", "metadata.name in (p)", "metadata.labels.a=b", "metadata.name=p,spec.nodeName=n1"].map((selector) => fields("pods", selector)),
    fields("configmaps", "metadata.name=one"),
    fields("configmaps", "metadata.name!=one"),
    fields("configmaps", "metadata.uid=x"),
    post("a secret", core("secrets"), { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, type: "test.dev/t" }),
    fields("secrets", "type=test.dev/t"),
    fields("secrets", "type=Opaque"),
    post("an event", core("events"), { apiVersion: "v1", kind: "Event", metadata: { name: "e" }, involvedObject: { kind: "Pod", name: "p", namespace: NS, uid: "u1" }, reason: "Tested", type: "Warning", source: { component: "test" }, reportingComponent: "rep" }),
    ...["involvedObject.kind=Pod", "involvedObject.name=p", "involvedObject.name=q", `involvedObject.namespace=${NS}`, "involvedObject.uid=u1", "reason=Tested", "type=Warning", "type=Normal", "source=test", "reportingComponent=rep", "involvedObject.fieldPath=", "message=x"].map((selector) => fields("events", selector)),
    post("a deployment", apps("deployments"), deployment("d")),
    fields("deployments", "metadata.name=d"),
    fields("deployments", "status.replicas=0"),
    post("a replica set", apps("replicasets"), { ...deployment("r"), kind: "ReplicaSet" }),
    fields("replicasets", "status.replicas=0"),
    fields("replicasets", "status.replicas=1"),
    fields("services", "spec.type=ClusterIP"),
    fields("services", "spec.clusterIP=None"),
    anywhere("/api/v1/namespaces", `metadata.name=${NS},status.phase=Active`),
    anywhere("/api/v1/namespaces", `metadata.name=${NS},status.phase=Terminating`),
    anywhere("/api/v1/configmaps", `metadata.namespace=${NS},metadata.name=one`),
    anywhere("/api/v1/pods", `metadata.namespace=${NS},spec.nodeName=n1`),
    get("a watch by a field that is none", core("pods?watch=1&fieldSelector=a%3Db")),
    get("a watch by bad labels", core("pods?watch=1&labelSelector=a+b")),
    remove("by a field that is none", core("configmaps?fieldSelector=data.a%3Db")),
    remove("by bad labels", core("configmaps?labelSelector=a+b")),
  ];
});

export const collections = chapter("collections", ({ core, apps }) => [
  ...["a1", "a2", "b1", "b2", "c1"].map((name) => post(`make ${name}`, core("configmaps"), labelled(name, { set: name[0]! }))),
  post("one that is held", core("configmaps"), { ...map("held"), metadata: { name: "held", labels: { set: "h" }, finalizers: ["test.dev/hold"] } }),
  get("everywhere", "/api/v1/configmaps?labelSelector=set%3Da"),
  get("as metadata", core("configmaps?labelSelector=set"), { accept: PARTIAL_LIST }),
  get("as a table", core("configmaps?labelSelector=set"), { accept: TABLE }),
  get("as a table without objects", core("configmaps?labelSelector=set&includeObject=None"), { accept: TABLE }),
  get("as a table with objects", core("configmaps?labelSelector=set%3Da&includeObject=Object"), { accept: TABLE }),
  get("as a table with something else", core("configmaps?labelSelector=set%3Da&includeObject=All"), { accept: TABLE }),
  get("as a table or JSON", core("configmaps/a1"), { accept: "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json;as=Table;v=v1;g=meta.k8s.io,application/json" }),
  get("as a table of a version that is none", core("configmaps/a1"), { accept: "application/json;as=Table;v=v9;g=meta.k8s.io" }),
  get("as YAML", core("configmaps/a1"), { accept: "application/yaml", look: (body) => typeof body }),
  get("as anything", core("configmaps/a1"), { accept: "*/*" }),
  remove("of some in a dry run", core("configmaps?labelSelector=set%3Da&dryRun=All")),
  remove("of some", core("configmaps?labelSelector=set%3Da")),
  remove("of one by its name", core("configmaps?fieldSelector=metadata.name%3Db1")),
  remove("of what is held", core("configmaps?labelSelector=set%3Dh")),
  remove("of nothing", core("configmaps?labelSelector=set%3Dz")),
  remove("with a policy", core("configmaps?labelSelector=set%3Db"), { propagationPolicy: "Foreground" }),
  remove("with a wrong policy", core("configmaps"), { propagationPolicy: "Sideways" }),
  get("what is left", core("configmaps")),
  patch("let the held one go", core("configmaps/held"), MERGE, { metadata: { finalizers: null } }),
  remove("of services", core("services")),
  remove("of all pods everywhere", "/api/v1/pods"),
  remove("of namespaces", "/api/v1/namespaces"),
  post("a pod", core("pods"), { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "i:1" }] } }),
  remove("of pods, gracefully", core("pods")),
  get("no pods", core("pods")),
  post("a deployment", apps("deployments"), { ...deployment("d"), spec: { ...deployment("d").spec, template: template("d") } }),
  remove("of deployments, orphaning", apps("deployments"), { propagationPolicy: "Orphan" }),
  get("deployments", apps("deployments")),
  remove("of all config maps", core("configmaps")),
]);
