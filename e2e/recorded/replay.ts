import { startGitServer } from "@trireme/launcher";
import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import type { Stack } from "../support/stack.ts";
import { Repository } from "../support/repository.ts";
import { until } from "../support/until.ts";
import { eventsOf, recordedText, requestOf, type Exchange, type Recording, type Values } from "./exchanges.ts";
import { differences, shapeOf } from "./shape.ts";

/** What came back for one exchange, in the recording's terms. */
export interface Outcome {
  status: number;
  contentType: string;
  /** Of an error, or a short text. */
  message: string | undefined;
  code: number | undefined;
  /** `-path: type` for what the recording has and we have not, `+…` for the other way round. */
  differs: string[];
  body: unknown;
}

export interface Replay extends AsyncDisposable {
  /** Sends one exchange; they build on each other, so all of them have to be sent in order. */
  send(exchange: Exchange): Promise<Outcome>;
}

/** Prepares what the recording ran on: its repository, readable by everybody, and the webhook's secret. */
export async function prepareReplay(stack: Stack, { repository }: Recording): Promise<Replay> {
  const source = await Repository.create(stack, "hello", repository.files);
  for (const tag of Object.keys(repository.tags)) {
    await source.git("tag", tag);
    await source.git("push", "-q", "origin", tag);
  }
  const git = await startGitServer({ root: stack.git.root, port: 0, users: [] });
  const kube = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
  await kube.patch({ group: "", version: "v1", kind: "Secret", namespace: "argocd", name: "argocd-secret" }, "merge", { data: { "webhook.github.secret": Buffer.from("s3cret").toString("base64") } });
  // The recording's default project had been applied by kubectl.
  await kube.patch({ group: "argoproj.io", version: "v1alpha1", kind: "AppProject", namespace: "argocd", name: "default" }, "merge", { metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" } } });
  const values: Values = { "http://git.example.test": git.url, "<jwt>": "", "<password>": stack.adminPassword, "<sha>": await source.head() };
  const app = async () => ((await (await fetch(`${stack.url}/api/v1/applications/hello-spring`, { headers: { authorization: `Bearer ${values["<jwt>"]}` } })).json()) ?? {}) as any;
  let sideStream: { text: Promise<string> } | undefined;

  return {
    async send(exchange) {
      await readyFor(exchange.n, app);
      const outcome = exchange.n === 63 ? await streamed(exchange, await sideStream!.text) : await answered(exchange, stack, values);
      // The recorded stream was opened before the sync that it shows.
      if (exchange.n === 60) sideStream = await openStream(stack, values);
      const token = (outcome.body as { token?: string } | undefined)?.token;
      if (exchange.n === 7 && token !== undefined) values["<jwt>"] = token;
      return outcome;
    },
    async [Symbol.asyncDispose]() {
      await kube.close();
      await git[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    },
  };
}

async function answered(exchange: Exchange, stack: Stack, values: Values): Promise<Outcome> {
  const { method, path: url, headers, body } = requestOf(exchange, values);
  const response = await fetch(stack.url + url, { method, headers, ...(body !== undefined && { body }), signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  const contentType = response.headers.get("content-type") ?? "";
  const parsed = contentType.startsWith("application/json") && text !== "" ? (JSON.parse(text)) : text;
  const failed = typeof parsed === "object" && parsed !== null && "error" in parsed && "code" in parsed;
  const recorded = exchange.response.body;
  // Pictures are compared as pictures: by their type alone.
  const isText = typeof recorded === "string" && !contentType.startsWith("image/");
  return {
    status: response.status,
    contentType,
    message: failed ? recordedText(parsed.message, values) : isText && typeof parsed === "string" ? recordedText(parsed, values) : undefined,
    code: failed ? parsed.code : undefined,
    differs: contentType.startsWith("image/") ? [] : differences(shapeOf(recorded ?? ""), shapeOf(parsed)),
    body: parsed,
  };
}

/** Opens the stream and answers at once with what will have come by its end. */
async function openStream(stack: Stack, values: Values): Promise<{ text: Promise<string> }> {
  const stop = new AbortController();
  const response = await fetch(`${stack.url}/api/v1/stream/applications?name=hello-spring`, { headers: { authorization: `Bearer ${values["<jwt>"]}`, accept: "text/event-stream" }, signal: stop.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const reading = (async () => {
    const over = setTimeout(() => stop.abort(), 20_000);
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
        if (lastFinished(text)) break;
      }
    } catch {
      // Aborted: what came so far is compared.
    } finally {
      clearTimeout(over);
      stop.abort();
    }
    return text;
  })();
  return { text: reading };
}

/** True once the stream has shown the end of the sync, with history. */
function lastFinished(text: string): boolean {
  const complete = text.slice(0, text.lastIndexOf("\n\n\n") + 1);
  const last = eventsOf(complete).at(-1) as any;
  const status = last?.result?.application?.status;
  return status?.operationState?.phase === "Succeeded" && status?.history?.length > 0 && status?.summary?.images?.length > 0 && status?.summary?.externalURLs?.length > 0;
}

async function streamed(exchange: Exchange, text: string): Promise<Outcome> {
  const recorded = eventsOf(exchange.response.text ?? "");
  const ours = eventsOf(text);
  return { status: 200, contentType: "text/event-stream", message: undefined, code: undefined, differs: differences(shapeOf(recorded), shapeOf(ours)), body: ours };
}

/** States that the recording waited for before it went on; nothing is waited for that is there already. */
async function readyFor(n: number, app: () => Promise<any>): Promise<void> {
  const wait = STATES[n];
  if (wait === undefined) return;
  await until(`exchange ${n}`, app, (object) => wait(object) || { notYet: JSON.stringify({ operation: object.operation, status: { ...object.status, history: undefined } }).slice(0, 600) }, 30_000);
}

const settled = (app: any): boolean => app.operation === undefined && app.status?.operationState?.phase === "Succeeded";
/** No resource has more to say than its health: nothing is on its way any more. */
const quiet = (app: any): boolean => app.status?.resources?.length > 0 && app.status.resources.every((resource: any) => resource.health !== undefined && resource.health.message === undefined);
const STATES: Record<number, (app: any) => boolean> = {
  55: (app) => app.status?.sync?.status === "OutOfSync" && app.status.resources?.every((resource: any) => resource.health),
  60: settled,
  64: (app) => settled(app) && app.status.sync.status === "Synced" && app.status.summary?.images?.length > 0 && quiet(app),
  69: (app) => app.status?.health?.status === "Healthy",
  77: (app) => app.status?.sync?.status === "Synced",
  80: (app) => app.status?.sync?.status === "OutOfSync" && quiet(app),
  87: (app) => settled(app) && app.status.history?.length === 2 && app.status.sync.status === "Synced",
  90: (app) => app.spec?.syncPolicy?.automated !== undefined,
  // The Service that was deleted under automated sync has been healed.
  104: (app) => settled(app) && app.status.operationState.operation.initiatedBy?.automated === true,
  // Gone and forbidden answer alike.
  106: (app) => app.code === 7,
};
