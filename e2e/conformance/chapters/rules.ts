import { chapter, type Request } from "../call.ts";
import { APPLY, CRDS, get, JSON_PATCH, MERGE, patch, post, put, remove } from "../words.ts";

type Schema = Record<string, unknown>;

const VALIDATIONS = "x-kubernetes-validations";
const named = (name: string, schema: Schema, rest: Record<string, unknown> = {}): any => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${name}s.rules.test.dev` },
  spec: { group: "rules.test.dev", scope: "Namespaced", names: { plural: `${name}s`, kind: `${name[0]!.toUpperCase()}${name.slice(1)}` }, versions: [{ name: "v1", served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: { type: "object", ...schema } }, ...rest }] },
});

const ruled = named("ruled", {
  [VALIDATIONS]: [{ rule: "self.metadata.name.startsWith('r-')", message: "names begin with r-" }, { rule: "!has(self.status) || self.status.ready <= self.spec.replicas", fieldPath: ".status" }],
  properties: {
    spec: {
      type: "object",
      [VALIDATIONS]: [
        { rule: "self.minReplicas <= self.replicas", messageExpression: "'too few replicas in mode ' + self.mode" },
        { rule: "!has(self.maxReplicas) || self.replicas <= self.maxReplicas", message: "replicas above the most", fieldPath: ".replicas" },
        { rule: "has(self.a) != has(self.b)", message: "exactly one of a and b" },
        { rule: "!has(self.secret) || self.mode == 'private'", reason: "FieldValueForbidden", message: "a secret is for private mode only" },
        { rule: "self.mode != 'timed' || has(self.until)", reason: "FieldValueRequired", message: "timed mode needs its end", fieldPath: ".until" },
      ],
      properties: {
        replicas: { type: "integer", default: 1 },
        minReplicas: { type: "integer", default: 0 },
        maxReplicas: { type: "integer" },
        a: { type: "string", maxLength: 20 },
        b: { type: "string", maxLength: 20, [VALIDATIONS]: [{ rule: "self.matches('^[a-z]+$')", messageExpression: "'not only letters: ' + self" }] },
        mode: { type: "string", enum: ["public", "private", "timed"], maxLength: 10, default: "public", [VALIDATIONS]: [{ rule: "oldSelf != 'private' || self == 'private'", message: "private stays private" }] },
        secret: { type: "string", maxLength: 20 },
        until: { type: "string", format: "date-time", [VALIDATIONS]: [{ rule: "self > timestamp('2020-01-01T00:00:00Z')", message: "that is over" }] },
        pause: { type: "string", format: "duration", [VALIDATIONS]: [{ rule: "self <= duration('1h')" }] },
        ratio: { type: "number", [VALIDATIONS]: [{ rule: "self >= 0.0 && self < 1.0" }] },
        flag: { type: "boolean", [VALIDATIONS]: [{ rule: "self == oldSelf", message: "the flag stays" }] },
        port: { "x-kubernetes-int-or-string": true, [VALIDATIONS]: [{ rule: "type(self) == int ? self > 0 : self.size() > 1", message: "a port above 0, or a name" }] },
        count: { type: "integer", [VALIDATIONS]: [{ rule: "self >= oldSelf", message: "it only grows" }, { rule: "self % 2 == 0" }] },
        words: { type: "array", maxItems: 5, items: { type: "string", maxLength: 10 }, [VALIDATIONS]: [{ rule: "self.all(word, word.size() > 1)", message: "words have two letters" }, { rule: "self.exists(word, word == 'must')" }, { rule: "self.filter(word, word.startsWith('m')).size() < 3" }] },
        labels: { type: "object", maxProperties: 5, additionalProperties: { type: "string", maxLength: 10, [VALIDATIONS]: [{ rule: "self != ''" }] }, [VALIDATIONS]: [{ rule: "self.all(key, key.size() < 5)", message: "keys are short" }, { rule: "'team' in self", message: "the team is named" }] },
        parts: {
          type: "array", maxItems: 5, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
          items: { type: "object", required: ["name"], properties: { name: { type: "string", maxLength: 10 }, size: { type: "integer", [VALIDATIONS]: [{ rule: "self >= oldSelf", message: "parts do not shrink" }] } }, [VALIDATIONS]: [{ rule: "self.name != 'none'", message: "none is no name" }] },
          [VALIDATIONS]: [{ rule: "self.map(part, part.name).exists_one(name, name == 'main')", message: "one part is main" }, { rule: "self.all(part, !has(part.size) || part.size < 100)" }, { rule: "oldSelf.all(old, self.exists(part, part.name == old.name))", message: "no part goes" }],
        },
        "with-dash": { type: "string" },
        dashed: { type: "object", properties: { "a-b": { type: "integer" } }, [VALIDATIONS]: [{ rule: "self.a__dash__b == 1" }] },
        once: { type: "string", maxLength: 10, [VALIDATIONS]: [{ rule: "!oldSelf.hasValue() || oldSelf.value() == self", optionalOldSelf: true, message: "set once" }] },
        list: { type: "array", maxItems: 3, items: { type: "integer" }, [VALIDATIONS]: [{ rule: "self[0] == 1", message: "it begins with 1" }] },
        quotient: { type: "integer", [VALIDATIONS]: [{ rule: "10 / self > 1" }] },
        memory: { type: "string", maxLength: 10, [VALIDATIONS]: [{ rule: "isQuantity(self) && quantity(self).isGreaterThan(quantity('64Mi'))", message: "more than 64Mi" }] },
      },
    },
    status: { type: "object", properties: { ready: { type: "integer" } } },
  },
});

/** Schemas whose rules are refused. */
const refused: readonly { name: string; schema: Schema }[] = [
  { name: "a field that is none", schema: { properties: { spec: { type: "object", properties: { a: { type: "string" } }, [VALIDATIONS]: [{ rule: "self.b == 'x'" }] } } } },
  { name: "a field of a field that is none", schema: { properties: { spec: { type: "object", properties: { a: { type: "object", properties: { c: { type: "integer" } } } } } }, [VALIDATIONS]: [{ rule: "has(self.spec.a) && self.spec.a.d > 1", message: "m" }] } },
  { name: "labels, which rules do not see", schema: { [VALIDATIONS]: [{ rule: "self.metadata.labels.size() > 0" }] } },
  { name: "no rule", schema: { properties: { spec: { type: "object", [VALIDATIONS]: [{ rule: " " }] } } } },
  { name: "an empty message", schema: { properties: { spec: { type: "object", [VALIDATIONS]: [{ rule: "true", message: " " }] } } } },
  { name: "a reason that is none", schema: { properties: { spec: { type: "object", [VALIDATIONS]: [{ rule: "true", reason: "Because" }] } } } },
  { name: "an old self that cannot be told", schema: { properties: { spec: { type: "array", items: { type: "object", properties: { a: { type: "string" } }, [VALIDATIONS]: [{ rule: "self == oldSelf" }] } } } } },
  { name: "an old self that may be absent and is not used", schema: { properties: { spec: { type: "object", [VALIDATIONS]: [{ rule: "true", optionalOldSelf: true }] } } } },
  { name: "a number for a truth", schema: { properties: { spec: { type: "integer", [VALIDATIONS]: [{ rule: "self + 1" }] } } } },
];

export const rules = chapter("rules", ({ of }) => {
  const at = (rest = ""): string => of("rules.test.dev/v1", `ruleds${rest}`);
  const object = (name: string, spec: Record<string, unknown>): any => ({ apiVersion: "rules.test.dev/v1", kind: "Ruled", metadata: { name }, spec });
  const made = (name: string, spec: Record<string, unknown>): Request => post(name, at(), object("r-bad", { a: "x", ...spec }));
  const changed = (name: string, spec: Record<string, unknown>): Request => patch(name, at("/r-one"), MERGE, { spec });
  return [
    ...refused.map(({ name, schema }) => post(`a rule with ${name}`, CRDS, named("wrong", schema))),
    post("a CRD with rules", CRDS, ruled),
    post("one that holds", at(), object("r-one", { a: "x", replicas: 3, words: ["must", "may"], labels: { team: "a" }, parts: [{ name: "main", size: 5 }, { name: "side" }], until: "2030-01-01T00:00:00Z", pause: "5m", ratio: 0.5, flag: true, port: "http", count: 2, dashed: { "a-b": 1 }, once: "x", list: [1], quotient: 3, memory: "1Gi" }), { until: (said) => said.code !== 404 }),
    post("a name that does not hold", at(), object("one", { a: "x" })),
    made("too few replicas", { replicas: 1, minReplicas: 2 }),
    made("too many replicas", { replicas: 3, maxReplicas: 2 }),
    made("both", { b: "y" }),
    post("neither", at(), object("r-bad", {})),
    made("several at once", { b: "Y1", replicas: 3, maxReplicas: 2, ratio: 1.5 }),
    made("what is forbidden", { secret: "s" }),
    made("what is required", { mode: "timed" }),
    made("a time that is over", { until: "2001-01-01T00:00:00Z" }),
    made("too long a pause", { pause: "2h" }),
    made("a ratio above one", { ratio: 1 }),
    made("an odd count", { count: 3 }),
    made("a port of 0", { port: 0 }),
    made("a short port name", { port: "h" }),
    made("words that do not hold", { words: ["a"] }),
    made("words that are not strings", { words: [1] }),
    made("labels that do not hold", { labels: { "too-long": "" } }),
    made("parts that do not hold", { parts: [{ name: "none", size: 100 }] }),
    made("a dashed field", { dashed: { "a-b": 2 } }),
    made("a dashed field that is not there", { dashed: {} }),
    made("an empty list", { list: [] }),
    made("a division by nothing", { quotient: 0 }),
    made("too little memory", { memory: "32Mi" }),
    made("memory that is none", { memory: "much" }),
    post("several in a dry run", at("?dryRun=All"), object("r-bad", { a: "x", count: 3 })),
    changed("a count that grows", { count: 4 }),
    changed("a count that shrinks", { count: 2 }),
    changed("a count that goes", { count: null }),
    changed("the flag turned", { flag: false }),
    changed("private", { mode: "private" }),
    changed("public again", { mode: "public" }),
    changed("what was set once", { once: "y" }),
    changed("a part that shrinks", { parts: [{ name: "side" }, { name: "main", size: 4 }] }),
    changed("a part that goes", { parts: [{ name: "main", size: 6 }] }),
    patch("a part that grows, by its place", at("/r-one"), JSON_PATCH, [{ op: "replace", path: "/spec/parts/0/size", value: 9 }]),
    patch("applied by somebody else", at("/r-one?fieldManager=other&force=true"), APPLY, object("r-one", { parts: [{ name: "main", size: 1 }] })),
    patch("a status that holds", at("/r-one/status"), MERGE, { status: { ready: 2 } }),
    patch("a status that does not", at("/r-one/status"), MERGE, { status: { ready: 9 } }),
    changed("replicas below what is ready", { replicas: 1 }),
    get("the CRD", `${CRDS}/ruleds.rules.test.dev`, { keep: { VERSION: "metadata.resourceVersion" }, look: (body) => body.status?.storedVersions }),
    put("the rules made stricter", `${CRDS}/ruleds.rules.test.dev`, stricter()),
    patch("what held before and is left alone", at("/r-one"), MERGE, { metadata: { labels: { a: "b" } } }, { until: (said) => said.headers["warning"] !== undefined }),
    changed("what held before and is changed", { port: "other" }),
    remove("the object", at("/r-one")),
    remove("the CRD", `${CRDS}/ruleds.rules.test.dev`),
  ];
});

/** Ports are numbers now. */
function stricter(): any {
  const crd = structuredClone(ruled);
  crd.metadata.resourceVersion = "{{VERSION}}";
  crd.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.port[VALIDATIONS] = [{ rule: "type(self) == int", message: "ports are numbers" }];
  return crd;
}
