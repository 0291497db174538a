import { chapter, type Ended, type Opened, type Request } from "../call.ts";
import { AGGREGATED, APPLY, CRDS, get, MERGE, PARTIAL_LIST, patch, post, put, remove, TABLE } from "../words.ts";

const GROUP = "shapes.test.dev";
const crd = (plural: string, kind: string, spec: Record<string, unknown>): any => ({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: `${plural}.${GROUP}` }, spec: { group: GROUP, scope: "Namespaced", names: { plural, kind }, ...spec } });
const open = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };

/** Three versions: an old one that is deprecated, the one that is stored, and one that is not served. */
const gears = crd("gears", "Gear", {
  names: { plural: "gears", singular: "gear", kind: "Gear", listKind: "GearCollection", shortNames: ["gr"], categories: ["all", "machinery"] },
  versions: [
    {
      name: "v1alpha1", served: true, storage: false, deprecated: true,
      schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { teeth: { type: "integer" }, color: { type: "string" } } } } } },
      additionalPrinterColumns: [{ name: "Paint", type: "string", jsonPath: ".spec.color" }],
    },
    {
      name: "v1", served: true, storage: true,
      subresources: { status: {} },
      selectableFields: [{ jsonPath: ".spec.color" }, { jsonPath: ".spec.teeth" }, { jsonPath: ".spec.oiled" }],
      schema: { openAPIV3Schema: { type: "object", properties: {
        spec: { type: "object", properties: { teeth: { type: "integer" }, color: { type: "string" }, oiled: { type: "boolean" }, weight: { type: "number" }, made: { type: "string", format: "date-time" }, names: { type: "array", items: { type: "string" } } } },
        status: { type: "object", properties: { conditions: { type: "array", items: { type: "object", properties: { type: { type: "string" }, status: { type: "string" } } } } } },
      } } },
      additionalPrinterColumns: [
        { name: "Teeth", type: "integer", jsonPath: ".spec.teeth", description: "How many" },
        { name: "Color", type: "string", jsonPath: ".spec.color" },
        { name: "Oiled", type: "boolean", jsonPath: ".spec.oiled", priority: 1 },
        { name: "Weight", type: "number", jsonPath: ".spec.weight", format: "double" },
        { name: "Made", type: "date", jsonPath: ".spec.made" },
        { name: "Names", type: "string", jsonPath: ".spec.names" },
        { name: "First", type: "string", jsonPath: ".spec.names[0]" },
        { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
        { name: "Wrong", type: "integer", jsonPath: ".spec.color" },
      ],
    },
    { name: "v2", served: false, storage: false, deprecated: true, deprecationWarning: "gears of v2 are not made yet", schema: open },
  ],
});

const planets = crd("planets", "Planet", { scope: "Cluster", versions: [{ name: "v1", served: true, storage: true, subresources: { status: {}, scale: { specReplicasPath: ".spec.moons", statusReplicasPath: ".status.moons", labelSelectorPath: ".status.selector" } }, schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { moons: { type: "integer" } } }, status: { type: "object", properties: { moons: { type: "integer" }, selector: { type: "string" } } } } } } }] });

const gear = (version: string, name: string, spec: Record<string, unknown>): any => ({ apiVersion: `${GROUP}/${version}`, kind: "Gear", metadata: { name }, spec });
const planet = (name: string, moons: number): any => ({ apiVersion: `${GROUP}/v1`, kind: "Planet", metadata: { name }, spec: { moons } });

/** CRDs that the server does not take. */
const wrong: readonly { name: string; spec: Record<string, unknown> }[] = [
  { name: "no versions", spec: { versions: [] } },
  { name: "two stored versions", spec: { versions: [{ name: "v1", served: true, storage: true, schema: open }, { name: "v2", served: true, storage: true, schema: open }] } },
  { name: "no stored version", spec: { versions: [{ name: "v1", served: true, storage: false, schema: open }] } },
  { name: "a version twice", spec: { versions: [{ name: "v1", served: true, storage: true, schema: open }, { name: "v1", served: true, storage: false, schema: open }] } },
  { name: "a version that is no name", spec: { versions: [{ name: "V_1", served: true, storage: true, schema: open }] } },
  { name: "a scope that is none", spec: { scope: "Everywhere", versions: [{ name: "v1", served: true, storage: true, schema: open }] } },
  { name: "a selectable field that is none", spec: { versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { a: { type: "string" } } } } } }, selectableFields: [{ jsonPath: ".spec.b" }] }] } },
  { name: "a selectable list", spec: { versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { a: { type: "array", items: { type: "string" } } } } } } }, selectableFields: [{ jsonPath: ".spec.a" }] }] } },
  { name: "a column without a path", spec: { versions: [{ name: "v1", served: true, storage: true, schema: open, additionalPrinterColumns: [{ name: "A", type: "string" }] }] } },
  { name: "a column of no type", spec: { versions: [{ name: "v1", served: true, storage: true, schema: open, additionalPrinterColumns: [{ name: "A", type: "text", jsonPath: ".spec.a" }] }] } },
  { name: "a conversion that is none", spec: { conversion: { strategy: "Magic" }, versions: [{ name: "v1", served: true, storage: true, schema: open }] } },
  { name: "a schema without a type", spec: { versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { properties: { spec: {} } } } }] } },
];

export const crdShapes = chapter("crd shapes", ({ NS, of }) => {
  const at = (version: string, rest = ""): string => of(`${GROUP}/${version}`, `gears${rest}`);
  const world = (rest = ""): string => `/apis/${GROUP}/v1/planets${rest}`;
  const selected = (selector: string): Request => get(`gears by ${selector}`, at("v1", `?fieldSelector=${encodeURIComponent(selector)}`));
  return [
    ...wrong.map(({ name, spec }) => post(`a CRD with ${name}`, CRDS, crd("wrongs", "Wrong", spec))),
    post("gears", CRDS, gears),
    get("gears are served", at("v1"), { until: (said) => said.code === 200 }),
    get("the CRD", `${CRDS}/gears.${GROUP}`),
    post("a new gear", at("v1"), gear("v1", "new", { teeth: 5, color: "grey", weight: 1.5, oiled: true, made: "2026-01-01T00:00:00Z", names: ["a", "b"], old: "pruned" })),
    post("an old gear", at("v1alpha1"), gear("v1alpha1", "old", { teeth: 7, oiled: true }), { until: (said) => said.code !== 404 }),
    post("a gear of the wrong version", at("v1"), gear("v1alpha1", "bad", {})),
    post("a gear of a version that is not served", at("v2"), gear("v2", "bad", {})),
    get("the new one in the old version", at("v1alpha1", "/new")),
    get("the old one in the new version", at("v1", "/old")),
    get("all in the old version", at("v1alpha1")),
    get("as tables", at("v1"), { accept: TABLE }),
    get("as tables in the old version", at("v1alpha1"), { accept: TABLE }),
    get("as metadata", at("v1alpha1"), { accept: PARTIAL_LIST }),
    patch("the old one, painted", at("v1", "/old"), MERGE, { spec: { color: "red" } }),
    patch("the old one in its version", at("v1alpha1", "/old"), MERGE, { spec: { teeth: 8 } }),
    get("what is left in the new version", at("v1", "/old")),
    patch("applied in the old version", at("v1alpha1", "/applied?fieldManager=a"), APPLY, gear("v1alpha1", "applied", { teeth: 1 })),
    patch("applied in the new version", at("v1", "/applied?fieldManager=b"), APPLY, gear("v1", "applied", { teeth: 2 })),
    patch("applied in the new version by force", at("v1", "/applied?fieldManager=b&force=true"), APPLY, gear("v1", "applied", { teeth: 2, color: "blue" })),
    patch("a status", at("v1", "/new/status"), MERGE, { status: { conditions: [{ type: "Ready", status: "True" }] } }),
    get("ready, in a table", at("v1", "/new"), { accept: TABLE }),
    patch("a status where there is none", at("v1alpha1", "/new/status"), MERGE, { status: {} }),
    put("put in the old version", at("v1alpha1", "/new"), { ...gear("v1alpha1", "new", { teeth: 9 }), metadata: { name: "new", resourceVersion: "1" } }),
    ...["spec.color=grey", "spec.color!=grey", "spec.teeth=5", "spec.oiled=true", "spec.color=blue,metadata.name=applied", "spec.weight=1.5", "spec.color", "metadata.namespace=other"].map(selected),
    get("gears of the old version by color", at("v1alpha1", "?fieldSelector=spec.color%3Dgrey")),
    { name: "a watch of blue ones", watch: "blue", path: at("v1", "?watch=1&timeoutSeconds=2&resourceVersion=0&fieldSelector=spec.color%3Dblue") } satisfies Opened,
    patch("one turns blue", at("v1", "/new"), MERGE, { spec: { color: "blue" } }),
    patch("one is blue no more", at("v1", "/applied"), MERGE, { spec: { color: "green" } }),
    { name: "what it told", ended: "blue" } satisfies Ended,
    remove("those of one color", at("v1", "?fieldSelector=spec.color%3Dgreen")),
    get("the legacy discovery of v1", `/apis/${GROUP}/v1`),
    get("the legacy discovery of v1alpha1", `/apis/${GROUP}/v1alpha1`),
    get("the legacy discovery of v2", `/apis/${GROUP}/v2`),
    get("the group", `/apis/${GROUP}`),
    get("the aggregated discovery", "/apis", { accept: AGGREGATED, look: (body) => body.items?.filter((item: any) => item.metadata?.name === GROUP) }),
    post("planets", CRDS, planets),
    get("planets are served", world(), { until: (said) => said.code === 200 }),
    post("a planet", world(), planet("earth", 1)),
    post("a planet in a namespace", of(`${GROUP}/v1`, "planets"), planet("mars", 2)),
    post("a planet that names one", world(), { ...planet("mars", 2), metadata: { name: "mars", namespace: NS } }),
    get("planets", world()),
    get("planets as a table", world(), { accept: TABLE }),
    get("a planet's scale", world("/earth/scale")),
    patch("more moons", world("/earth/scale"), MERGE, { spec: { replicas: 4 } }),
    patch("moons that it has", world("/earth/status"), MERGE, { status: { moons: 4, selector: "a=b" } }),
    get("a planet's scale then", world("/earth/scale")),
    get("both in the legacy discovery", `/apis/${GROUP}/v1`),
    post("a CRD whose short name is taken", CRDS, crd("grapes", "Grape", { names: { plural: "grapes", kind: "Grape", shortNames: ["gr"] }, versions: [{ name: "v1", served: true, storage: true, schema: open }] })),
    get("it is not established with that", `${CRDS}/grapes.${GROUP}`, { until: (said) => ((said.body as any)?.status?.conditions ?? []).some((one: any) => one.type === "NamesAccepted"), look: (body) => [body.status.acceptedNames, body.status.conditions] }),
    get("the CRD, to be changed", `${CRDS}/gears.${GROUP}`, { keep: { GEARS: "metadata.resourceVersion" }, look: (body) => body.status.storedVersions }),
    put("another scope", `${CRDS}/gears.${GROUP}`, changed((spec) => (spec.scope = "Cluster"))),
    put("without what is stored", `${CRDS}/gears.${GROUP}`, changed((spec) => (spec.versions = [{ ...spec.versions[2], served: true, storage: true }]))),
    put("another one stored, all served", `${CRDS}/gears.${GROUP}`, changed((spec) => {
      spec.versions[1].storage = false;
      Object.assign(spec.versions[2], { served: true, storage: true });
    })),
    get("what was stored", `${CRDS}/gears.${GROUP}`, { look: (body) => body.status.storedVersions }),
    get("a gear of v2", at("v2", "/new"), { until: (said) => said.code !== 404 }),
    get("the order of versions", `/apis/${GROUP}`, { until: (said) => JSON.stringify(said.body).includes("/v2") }),
    ...["grapes", "planets", "gears"].map((plural) => remove(`the CRD of ${plural}`, `${CRDS}/${plural}.${GROUP}`)),
    get("no gears", at("v1"), { until: (said) => said.code === 404 }),
  ];
});

function changed(change: (spec: any) => void): any {
  const copy = structuredClone(gears);
  copy.metadata.resourceVersion = "{{GEARS}}";
  change(copy.spec);
  return copy;
}
