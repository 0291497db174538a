import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { AnalysisRun, Metric } from "@trireme/rollouts";
import { httpClient, type HttpClient } from "./http.ts";
import { createProviders } from "./index.ts";

const NOW = Date.parse("2026-01-02T03:04:05.678Z");
const run: AnalysisRun = { apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", metadata: { name: "r", namespace: "default", uid: "u" }, spec: { metrics: [] } };

describe("web and prometheus providers", () => {
  let http: HttpClient;
  let answer: RequestListener;
  let url: string;
  const server = createServer((request, response) => answer(request, response));

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    http = httpClient();
  });
  afterAll(async () => {
    await http[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });

  const measure = (metric: Metric) => createProviders()(metric)!.run({ run, metric, index: 0, client: undefined as never, http, observe: () => undefined, now: () => NOW, signal: new AbortController().signal, settings: { prometheusAddress: undefined, jobNamespace: undefined } });
  const web = (more: Partial<NonNullable<Metric["provider"]["web"]>> = {}, conditions: Partial<Metric> = {}): Metric => ({ name: "m", provider: { web: { url, ...more } }, ...conditions });
  const prometheus = (conditions: Partial<Metric> = {}): Metric => ({ name: "m", provider: { prometheus: { address: `${url}/`, query: "up" } }, ...conditions });
  const says = (body: string, status = 200) => (answer = (_request, response) => response.writeHead(status).end(body));

  it.each<{ name: string; body: string; jsonPath?: string; conditions?: Partial<Metric>; want: Record<string, unknown> }>([
    { name: "a whole document, keys in order", body: '{"b":1,"a":"<x>"}', want: { phase: "Successful", value: '{"a":"\\u003cx\\u003e","b":1}' } },
    { name: "text that is no JSON, whatever the condition says", body: "fine", conditions: { successCondition: "result == 1" }, want: { phase: "Successful", value: "fine" } },
    { name: "a value below a path", body: '{"data":{"rate":0.5}}', jsonPath: "{$.data.rate}", conditions: { successCondition: "result > 0.9" }, want: { phase: "Failed", value: "0.5" } },
    { name: "nothing that is there", body: '{"data":null}', jsonPath: "{$.data}", conditions: { successCondition: "default(result, 1) == 1" }, want: { phase: "Successful", value: "null" } },
    { name: "a condition that does not fit the value", body: '{"data":"text"}', jsonPath: "{$.data}", conditions: { successCondition: "result > 1" }, want: { phase: "Error", message: "invalid operation: > (mismatched types string and int)" } },
  ])("judges $name", async ({ body, jsonPath, conditions, want }) => {
    says(body);
    expect(await measure(web(jsonPath === undefined ? {} : { jsonPath }, conditions))).toEqual({ ...want, startedAt: "2026-01-02T03:04:05Z", finishedAt: "2026-01-02T03:04:05Z" });
  });

  it.each<{ name: string; metric: () => Metric; answer?: RequestListener; problem: string | RegExp }>([
    { name: "a path that is not there", metric: () => web({ jsonPath: "{$.absent}" }), problem: "Could not find JSONPath in body: absent is not found" },
    { name: "a path that finds nothing", metric: () => web({ jsonPath: '{$.list[?(@.a=="b")]}' }), problem: "result of web metric produced no value" },
    { name: "both bodies", metric: () => web({ method: "POST", body: "x", jsonBody: {} }), problem: "use either Body or JSONBody; both cannot exists for WebMetric payload" },
    { name: "a body for GET", metric: () => web({ body: "x" }), problem: "Body/JSONBody can only be used with POST or PUT WebMetric Method types" },
    { name: "an address that is none", metric: () => web({ url: "nonsense" }), problem: 'Get "nonsense": invalid URL' },
    { name: "another protocol", metric: () => web({ url: "file:///etc/passwd" }), problem: 'Get "file:///etc/passwd": unsupported protocol scheme "file"' },
    { name: "nobody there", metric: () => web({ url: "http://127.0.0.1:1/" }), problem: /^Get "http:\/\/127.0.0.1:1\/": connect ECONNREFUSED/ },
    { name: "an answer without an end", metric: () => web(), answer: (_request, response) => void [response.write("x".repeat(5 << 20)), response.end()], problem: /larger than 4 MiB/ },
    { name: "a circle of redirects", metric: () => web(), answer: (_request, response) => response.writeHead(302, { location: "/again" }).end(), problem: /stopped after 10 redirects/ },
    { name: "a refusal by Prometheus", metric: () => prometheus(), answer: (_request, response) => response.writeHead(422).end('{"status":"error","errorType":"execution","error":"query timed out"}'), problem: "execution: query timed out" },
    { name: "a gateway before Prometheus", metric: () => prometheus(), answer: (_request, response) => response.writeHead(503).end("<html>"), problem: "server_error: server error: 503" },
    { name: "text from Prometheus", metric: () => prometheus(), answer: (_request, response) => response.end('{"status":"success","data":{"resultType":"string","result":[1,"x"]}}'), problem: "Prometheus metric type not supported" },
    { name: "a token server that refuses", metric: () => web({ authentication: { oauth2: { tokenUrl: url, clientId: "a", clientSecret: "b" } } }), answer: (_request, response) => response.writeHead(400).end("{}"), problem: "oauth2: cannot fetch token: 400" },
  ])("says so: $name", async ({ metric, answer: given, problem }) => {
    says('{"list":[]}');
    if (given !== undefined) answer = given;
    await expect(measure(metric())).rejects.toThrow(problem);
  });

  it("follows a redirect to another server without its credentials", async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization, request.method);
      response.end("1");
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    try {
      answer = (_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/` }).end();
      expect(await measure(web({ method: "POST", body: "x", headers: [{ key: "Authorization", value: "Bearer t" }] }))).toMatchObject({ phase: "Successful", value: "1" });
      expect(seen).toEqual([undefined, "GET"]);
    } finally {
      other.close();
    }
  });

  it("asks Prometheus by a form, with the headers that it is told", async () => {
    let body = "";
    let header: unknown;
    answer = async (request, response) => {
      for await (const chunk of request) body += String(chunk);
      header = request.headers["x-scope-orgid"];
      response.end('{"status":"success","warnings":["slow","old"],"data":{"resultType":"vector","result":[{"value":[1,"0.98"]},{"value":[1,"1e-07"]},{"value":[1,"+Inf"]},{"value":[1,"NaN"]},{"value":[1,"1e+22"]}]}}');
    };
    const metric = prometheus({ successCondition: "result[0] == 0.98 && isInf(result[2]) && isNaN(result[3])" });
    metric.provider.prometheus!.headers = [{ key: "X-Scope-OrgID", value: "tenant" }];
    expect(await measure(metric)).toMatchObject({ phase: "Successful", value: "[0.98,0.0000001,+Inf,NaN,10000000000000000000000]", metadata: { warnings: '"slow", "old"' } });
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ query: "up", time: "1767323045.678" });
    expect(header).toBe("tenant");
  });

  it("does not ask for packed answers, which it would have to unpack without a bound", async () => {
    answer = (request, response) => response.end(request.headers["accept-encoding"] === undefined ? "1" : gzipSync("1"));
    expect(await measure(web())).toMatchObject({ value: "1" });
  });
});
