import { startDevCluster, type DevCluster } from "../src/index.ts";
import { Http } from "./support/http.ts";
import { aConfigMap, aDeployment, aPod, aService } from "./support/objects.ts";

const core = (resource: string): string => `/api/v1/namespaces/default/${resource}`;
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
const INGRESSES = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";

describe("what the server reads and refuses", () => {
  let cluster: DevCluster;
  let http: Http;
  beforeAll(async () => {
    cluster = await startDevCluster();
    http = new Http(cluster);
  });
  afterAll(async () => {
    http[Symbol.dispose]();
    await cluster.stop();
  });

  it("tells of unknown and duplicate fields as it is asked to", async () => {
    const misspelt = aService("svc");
    misspelt.metadata.nmaespace = "x";
    const strict = await http.post(`${core("services")}?fieldValidation=Strict`, misspelt);
    expect(strict.body).toMatchObject({ code: 400, reason: "BadRequest", message: 'Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "metadata.nmaespace"' });
    const warned = await http.post(core("services"), misspelt);
    expect([warned.code, warned.headers["warning"]]).toEqual([201, '299 - "unknown field \\"metadata.nmaespace\\""']);
    const ignored = await http.post(`${core("services")}?fieldValidation=Ignore`, { ...misspelt, metadata: { ...misspelt.metadata, name: "svc2" } });
    expect([ignored.code, ignored.headers["warning"]]).toEqual([201, undefined]);
    const twice = await http.post(`${core("configmaps")}?fieldValidation=Strict`, '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1","a":"2"}}');
    expect(twice.body.message).toContain('strict decoding error: duplicate field "data.a"');
  });

  test.each([
    { name: "a wrong type", path: DEPLOYMENTS, body: aDeployment("x", { replicas: "2" }), code: 400, want: 'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32' },
    { name: "a number for text", path: core("configmaps"), body: aConfigMap("x", { a: 1 as never }), code: 400, want: 'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string' },
    { name: "another version", path: DEPLOYMENTS, body: { ...aDeployment("x"), apiVersion: "apps/v1beta1" }, code: 400, want: "the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)" },
    { name: "another namespace", path: core("configmaps"), body: { ...aConfigMap("x"), metadata: { name: "x", namespace: "other" } }, code: 400, want: "the namespace of the provided object does not match the namespace sent on the request" },
    { name: "a bad name", path: core("configmaps"), body: aConfigMap("Not_Good"), code: 422, want: `ConfigMap "Not_Good" is invalid: metadata.name: Invalid value: "Not_Good": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')` },
    { name: "a bad label", path: core("configmaps"), body: { ...aConfigMap("x"), metadata: { name: "x", labels: { a: "${USER}" } } }, code: 422, want: `ConfigMap "x" is invalid: metadata.labels: Invalid value: "\${USER}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')` },
    { name: "a selector beside the labels", path: DEPLOYMENTS, body: aDeployment("x", { selector: { matchLabels: { app: "y" } } }), code: 422, want: 'Deployment.apps "x" is invalid: spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`' },
    { name: "a container without an image", path: DEPLOYMENTS, body: aDeployment("x", { template: { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "web" }] } } }), code: 422, want: 'Deployment.apps "x" is invalid: spec.template.spec.containers[0].image: Required value' },
    { name: "no ports", path: core("services"), body: aService("x", { ports: [] }), code: 422, want: 'Service "x" is invalid: spec.ports: Required value' },
    { name: "ports without names", path: core("services"), body: aService("x", { ports: [{ port: 80 }, { port: 81 }] }), code: 422, want: 'Service "x" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]' },
    { name: "a service name with dots", path: core("services"), body: aService("x.y"), code: 422, want: `Service "x.y" is invalid: metadata.name: Invalid value: "x.y": must not contain dots` },
    { name: "an ingress path without a type", path: INGRESSES, body: { metadata: { name: "x" }, spec: { rules: [{ http: { paths: [{ path: "/", backend: { service: { name: "s", port: { number: 80 } } } }] } }] } }, code: 422, want: 'Ingress.networking.k8s.io "x" is invalid: spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified' },
    { name: "a pod without its account", path: core("pods"), body: aPod("x"), code: 403, want: 'pods "x" is forbidden: error looking up service account default/default: serviceaccount "default" not found' },
    { name: "a bad config key", path: core("configmaps"), body: aConfigMap("x", { "a b": "c" }), code: 422, want: `ConfigMap "x" is invalid: data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')` },
  ])("refuses $name", async ({ path, body, code, want }) => {
    const answer = await http.post(path, body);
    expect([answer.body.message, answer.code]).toEqual([want, code]);
  });

  it("keeps what may not change", async () => {
    await http.post(DEPLOYMENTS, aDeployment("fixed"));
    const { body } = await http.patch(`${DEPLOYMENTS}/fixed`, "merge", { spec: { selector: { matchLabels: { app: "other" } }, template: { metadata: { labels: { app: "other" } } } } });
    expect(body.message).toBe('Deployment.apps "fixed" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable');
    await http.post(core("secrets"), { metadata: { name: "sealed" }, immutable: true, stringData: { a: "b" } });
    const changed = await http.patch(core("secrets/sealed"), "merge", { data: { a: "Yw==" } });
    expect(changed.body.message).toBe('Secret "sealed" is invalid: data: Forbidden: field is immutable when `immutable` is set');
  });

  it("fills in what was left out", async () => {
    const { body } = await http.post(DEPLOYMENTS, aDeployment("filled"));
    expect(body.spec).toEqual({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: "filled" } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      template: {
        metadata: { labels: { app: "filled" } },
        spec: {
          containers: [{ name: "web", image: "web:1", imagePullPolicy: "IfNotPresent", resources: {}, terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File" }],
          dnsPolicy: "ClusterFirst",
          restartPolicy: "Always",
          schedulerName: "default-scheduler",
          securityContext: {},
          terminationGracePeriodSeconds: 30,
        },
      },
    });
  });

  it("writes quantities and times in one form, and leaves empty things out", async () => {
    const template = { metadata: { labels: { app: "forms" }, annotations: {} }, spec: { containers: [{ name: "web", image: "web", env: [], command: null, resources: { limits: { cpu: 0.5, memory: "1024Mi" } }, stdin: false }] } };
    const { body } = await http.post(DEPLOYMENTS, aDeployment("forms", { template }));
    const [container] = body.spec.template.spec.containers;
    expect(container).toMatchObject({ imagePullPolicy: "Always", resources: { limits: { cpu: "500m", memory: "1Gi" } } });
    expect(Object.keys(container).filter((key) => ["env", "command", "stdin"].includes(key))).toEqual([]);
    expect(body.spec.template.metadata).toEqual({ labels: { app: "forms" } });
  });

  it("reads YAML as well as JSON, and refuses what is neither", async () => {
    const yaml = await http.post(core("configmaps"), "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-yaml\ndata:\n  a: b\n", { type: "application/yaml" });
    expect(yaml.body.data).toEqual({ a: "b" });
    expect((await http.post(core("configmaps"), "{", {})).code).toBe(400);
    expect((await http.post(core("configmaps"), "x", { type: "text/plain" })).code).toBe(415);
    expect((await http.post(core("configmaps"), `{"data":{"a":"${"x".repeat(4_000_000)}"}}`)).code).toBe(413);
  });
});
