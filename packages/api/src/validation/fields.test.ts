import { kubernetesSchemas } from "../kubernetes-1.36.ts";
import { parseYamlDocuments } from "../yaml/parse.ts";
import { placed } from "./field-path.ts";
import { fieldProblems, type ObjectSchema } from "./fields.ts";
import { withoutFields } from "./without-fields.ts";

const resolve = (reference: string): Record<string, any> => kubernetesSchemas[reference.replace("#/components/schemas/", "")]!;
const schemaOf = (name: string): ObjectSchema => ({ schema: kubernetesSchemas[name]!, resolve });
const service = schemaOf("io.k8s.api.core.v1.Service");
const deployment = schemaOf("io.k8s.api.apps.v1.Deployment");

const messages = (object: Record<string, any>, schema: ObjectSchema): string[] => fieldProblems(object, schema).map(({ message }) => message);

const aService = (spec: Record<string, any> = {}): Record<string, any> => ({ apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { ports: [{ port: 80 }], ...spec } });
const aDeployment = (pod: Record<string, any> = {}, spec: Record<string, any> = {}): Record<string, any> => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { selector: { matchLabels: { app: "web" } }, template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1" }], ...pod } }, ...spec },
});

describe(fieldProblems, () => {
  it("names file, line, field and what was meant", () => {
    const text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: hello\n  nmaespace: demo\nspec:\n  ports:\n    - port: 80\n";
    const [document] = parseYamlDocuments(text, "hello-world-spring/service.yaml").documents;
    const problems = fieldProblems(document!.value as Record<string, any>, service).map(({ message, path }) => placed(message, { file: "hello-world-spring/service.yaml", line: document!.fieldLine(path) }));
    expect(problems).toEqual(["hello-world-spring/service.yaml:5: metadata.nmaespace is not a field of Service; did you mean namespace?"]);
  });

  test.each([
    { name: "a good Service", object: aService({ selector: { app: "web" }, type: "ClusterIP" }), schema: service, want: [] },
    { name: "a good Deployment", object: aDeployment({ volumes: [{ name: "v", emptyDir: {} }], nodeSelector: { a: "b" } }, { replicas: 2, strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } } }), schema: deployment, want: [] },
    { name: "a status, which is the server's", object: { ...aService(), status: { whatever: 1 } }, schema: service, want: [] },
    { name: "a field in an item", object: aDeployment({ containers: [{ name: "web", image: "web:1", port: [] }] }), schema: deployment, want: ["spec.template.spec.containers[0].port is not a field of Deployment; did you mean ports?"] },
    { name: "a field in the wrong case", object: aDeployment({ serviceaccountname: "a" }), schema: deployment, want: ["spec.template.spec.serviceaccountname is not a field of Deployment; did you mean serviceAccountName?"] },
    { name: "a name that is near none", object: aService({ somethingElse: 1 }), schema: service, want: ["spec.somethingElse is not a field of Service"] },
    { name: "a text for a number", object: aDeployment({}, { replicas: "two" }), schema: deployment, want: ['spec.replicas of Deployment must be a whole number, got the text "two"'] },
    { name: "a number for a text", object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { port: 80 } }, schema: schemaOf("io.k8s.api.core.v1.ConfigMap"), want: ["data.port of ConfigMap must be a text, got 80"] },
    { name: "a boolean where an amount belongs", object: aDeployment({ containers: [{ name: "web", resources: { limits: { cpu: true } } }] }), schema: deployment, want: ["spec.template.spec.containers[0].resources.limits.cpu of Deployment must be a text or a number, got true"] },
    { name: "a missing field", object: aDeployment({}, { selector: undefined }), schema: deployment, want: ["spec.selector of Deployment is required"] },
    { name: "a value that is not allowed", object: aService({ type: "Loadbalancer" }), schema: service, want: ['spec.type of Service cannot be the text "Loadbalancer"; did you mean LoadBalancer?'] },
    { name: "a list where a map belongs", object: aService({ selector: ["app"] }), schema: service, want: ["spec.selector of Service must be a map, got a list"] },
  ])("$name", ({ object, schema, want }) => {
    expect(messages(object, schema)).toEqual(want);
  });

  it("lets custom resources keep what their schema leaves open", () => {
    const schema: ObjectSchema = {
      schema: { type: "object", properties: { spec: { type: "object", required: ["size"], properties: { size: { type: "integer" }, free: { type: "object", "x-kubernetes-preserve-unknown-fields": true }, port: { "x-kubernetes-int-or-string": true } } } } },
      resolve,
    };
    const widget = (spec: Record<string, unknown>): Record<string, any> => ({ apiVersion: "x/v1", kind: "Widget", metadata: { name: "w" }, spec });
    expect(messages(widget({ size: 1, free: { a: { b: [1] } }, port: "http" }), schema)).toEqual([]);
    expect(messages(widget({ sizes: 1 }), schema)).toEqual(["spec.sizes is not a field of Widget; did you mean size?", "spec.size of Widget is required"]);
  });
});

describe(withoutFields, () => {
  it("leaves out what stands at the paths, in lists too, and changes nothing of the original", () => {
    const object = { spec: { a: 1, list: [{ b: 1, c: 2 }, { b: 3 }] }, kind: "X" };
    expect(withoutFields(object, [["spec", "a"], ["spec", "list", 0, "c"], ["spec", "none", "x"]])).toEqual({ spec: { list: [{ b: 1 }, { b: 3 }] }, kind: "X" });
    expect(object.spec.a).toBe(1);
  });
});
