import { chapter } from "../call.ts";
import { APPLY, deployment, get, JSON_PATCH, map, MERGE, patch, post, put, remove, service, STRATEGIC } from "../words.ts";

const ALL = "dryRun=All";

/** Dry runs of every verb: they answer as if, and leave nothing behind. */
export const dryRuns = chapter("dry runs", ({ core, apps }) => [
  post("of a create", core(`configmaps?${ALL}`), map("m")),
  get("not there", core("configmaps/m")),
  post("of a bad create", core(`configmaps?${ALL}`), map("Bad_")),
  post("there", core("configmaps"), map("m")),
  post("of a create over what is there", core(`configmaps?${ALL}`), map("m")),
  put("of an update", core(`configmaps/m?${ALL}`), map("m", { a: "2" })),
  patch("of a merge", core(`configmaps/m?${ALL}`), MERGE, { data: { a: "3" } }),
  patch("of a JSON patch", core(`configmaps/m?${ALL}`), JSON_PATCH, [{ op: "add", path: "/data/b", value: "1" }]),
  patch("of a strategic merge", core(`configmaps/m?${ALL}`), STRATEGIC, { data: { c: "1" } }),
  patch("of an apply", core(`configmaps/m?${ALL}&fieldManager=me&force=true`), APPLY, map("m", { a: "4" })),
  patch("of an apply that creates", core(`configmaps/new?${ALL}&fieldManager=me`), APPLY, map("new")),
  patch("of an apply that conflicts", core(`configmaps/m?${ALL}&fieldManager=me`), APPLY, map("m", { a: "5" })),
  get("as it was", core("configmaps/m")),
  remove("of a delete", core(`configmaps/m?${ALL}`)),
  remove("of a delete by its body", core("configmaps/m"), { dryRun: ["All"] }),
  remove("of a delete that is none", core("configmaps/m"), { dryRun: ["Some"] }),
  remove("of all", core(`configmaps?${ALL}`)),
  get("still as it was", core("configmaps/m")),
  post("of a service", core(`services?${ALL}`), service("s")),
  post("a deployment", apps("deployments"), deployment("d")),
  put("of a scale", apps(`deployments/d/scale?${ALL}`), { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "d" }, spec: { replicas: 7 } }),
  patch("of a status", apps(`deployments/d/status?${ALL}`), MERGE, { status: { replicas: 7 } }),
  get("as it was, the deployment", apps("deployments/d")),
  remove("of a foreground delete", apps(`deployments/d?${ALL}`), { propagationPolicy: "Foreground" }),
  get("not marked", apps("deployments/d")),
  post("of a namespace", `/api/v1/namespaces?${ALL}`, { apiVersion: "v1", kind: "Namespace", metadata: { name: "c-dry-runs-more" } }),
]);

const MODES = ["Strict", "Warn", "Ignore"] as const;

/** Unknown and duplicate fields in each mode and by each way of writing. */
export const fieldValidation = chapter("field validation", ({ core, apps }) => MODES.flatMap((mode) => {
  const name = mode.toLowerCase();
  const with2 = (path: string): string => `${path}?fieldValidation=${mode}`;
  const bad = { ...deployment(name), spec: { ...deployment(name).spec, replcas: 2, template: { ...deployment(name).spec.template, spec: { containers: [{ name: "web", image: "i:1", comand: ["x"], env: [{ name: "A", vlaue: "1" }] }], dnsPolcy: "x" } } } };
  return [
    post(`create, ${mode}`, with2(apps("deployments")), bad),
    post(`create as YAML, ${mode}`, with2(core("configmaps")), `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n  a: b\n  a: c\nextra: 1\n`, { type: "application/yaml" }),
    post(`create with duplicates, ${mode}`, with2(core("configmaps")), `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}-2","name":"${name}-2"},"data":{"a":"1","a":"2"}}`),
    post(`what is changed, ${mode}`, core("configmaps"), map(`${name}-3`)),
    put(`update, ${mode}`, with2(core(`configmaps/${name}-3`)), { ...map(`${name}-3`), dta: 1, metadata: { name: `${name}-3`, lables: {} } }),
    patch(`merge, ${mode}`, with2(core(`configmaps/${name}-3`)), MERGE, { metadata: { anotations: {} }, dta: 1 }),
    patch(`strategic, ${mode}`, with2(core(`configmaps/${name}-3`)), STRATEGIC, { metadata: { anotations: {} }, dta: 1 }),
    patch(`JSON patch, ${mode}`, with2(core(`configmaps/${name}-3`)), JSON_PATCH, [{ op: "add", path: "/dta", value: 1 }]),
    patch(`JSON patch with a twice named field, ${mode}`, with2(core(`configmaps/${name}-3`)), JSON_PATCH, '[{"op":"add","op":"add","path":"/data/x","value":"1"}]'),
    patch(`apply, ${mode}`, `${with2(core(`configmaps/${name}-3`))}&fieldManager=a&force=true`, APPLY, { ...map(`${name}-3`), dta: 1 }),
    post(`case matters, ${mode}`, with2(core("configmaps")), { apiVersion: "v1", kind: "ConfigMap", metadata: { Name: `${name}-4`, name: `${name}-4` }, Data: { a: "1" } }),
  ];
}));
