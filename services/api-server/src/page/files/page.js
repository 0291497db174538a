"use strict";

/** A path before all others, where a proxy keeps one. */
const root = `${document.documentElement.dataset.root}/`;
const log = document.getElementById("log");
const state = document.getElementById("state");
document.getElementById("commands").textContent = document.getElementById("commands").textContent.replace("HOST", location.host + (location.protocol === "http:" ? " --plaintext" : ""));

/** One call of the API; shown in the log, secrets left out. */
async function call(method, path, body) {
  const response = await fetch(root + path, { method, headers: method === "GET" ? {} : { "content-type": "application/json" }, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = { message: text };
  }
  show(`${method} /${path}`, response.status, response.ok ? summary(answer) : (answer.message ?? text));
  if (!response.ok) throw new Error(answer.message ?? text);
  return answer;
}

function show(call, status, text) {
  const item = document.createElement("li");
  const head = document.createElement("code");
  head.textContent = `${call} → ${status}`;
  if (status >= 400) head.className = "failed";
  const answer = document.createElement("pre");
  answer.textContent = text;
  item.append(head, answer);
  log.prepend(item);
}

function summary(answer) {
  const hidden = (key, value) => (key === "token" || key === "managedFields" ? undefined : value);
  return JSON.stringify(answer, hidden, 1).slice(0, 4000);
}

/** Runs a step when its form is sent; a refusal is in the log already. */
function onSubmit(id, step) {
  document.getElementById(id).addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    try {
      await step(values, event.submitter);
    } catch (error) {
      if (!(error instanceof Error && error.message)) show("the page", 0, String(error));
    }
  });
}

let repository = "";
let watching;

onSubmit("sign-in", ({ username, password }) => call("POST", "api/v1/session", { username, password }));

onSubmit("connect", async ({ repo, username, password }) => {
  await call("POST", "api/v1/repositories", { type: "git", repo, username, password });
  repository = repo;
});

onSubmit("create", async ({ name, path, revision, namespace, automated }) => {
  const repoURL = repository || document.querySelector("#connect [name=repo]").value;
  await call("POST", "api/v1/applications", {
    metadata: { name },
    spec: {
      project: "default",
      source: { repoURL, path, targetRevision: revision },
      destination: { server: "https://kubernetes.default.svc", namespace },
      syncPolicy: { syncOptions: ["CreateNamespace=true"], ...(automated && { automated: { prune: true, selfHeal: true } }) },
    },
  });
  document.querySelector("#operate [name=name]").value = name;
  follow(name);
});

onSubmit("operate", async ({ name }, button) => {
  const path = `api/v1/applications/${encodeURIComponent(name)}`;
  follow(name);
  if (button.value === "refresh") await call("GET", `${path}?refresh=normal`);
  if (button.value === "sync") await call("POST", `${path}/sync`, { name });
  if (button.value === "tree") {
    const { nodes = [] } = await call("GET", `${path}/resource-tree`);
    show("resources", 200, (nodes ?? []).map((node) => `${node.kind} ${node.namespace ?? ""}/${node.name}: ${node.health?.status ?? "-"}`).join("\n"));
  }
  if (button.value === "rollback") {
    const { status } = await call("GET", path);
    const history = status.history ?? [];
    const target = history.at(-2) ?? history.at(-1);
    if (target) await call("POST", `${path}/rollback`, { name, id: target.id });
    else show("the page", 0, "there is no earlier deployment to go back to");
  }
  if (button.value === "delete") await call("DELETE", `${path}?cascade=true`);
});

/** Shows an application's state as it changes. */
function follow(name) {
  watching?.close();
  watching = new EventSource(`${root}api/v1/stream/applications?name=${encodeURIComponent(name)}`);
  watching.onmessage = ({ data }) => {
    const { type, application } = JSON.parse(data).result ?? {};
    if (!application) return;
    const { sync = {}, health = {}, operationState } = application.status ?? {};
    state.textContent = type === "DELETED" ? `${name} is deleted` : `${name}: ${sync.status || "not compared yet"}, ${health.status || "health unknown"}${sync.revision ? `, at ${sync.revision.slice(0, 7)}` : ""}${operationState ? `; last operation ${operationState.phase}: ${operationState.message ?? ""}` : ""}`;
  };
}
