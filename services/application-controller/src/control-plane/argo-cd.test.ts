import type { KubeObject } from "@trireme/api";
import type { KubeClient } from "@trireme/kube";
import { createLogger } from "@trireme/runtime";
import { withoutArgoCd } from "./argo-cd.ts";

const theirs = (replicas: number, partOf = "argocd"): KubeObject => ({ apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "argocd-application-controller", namespace: "argocd", labels: { "app.kubernetes.io/name": "argocd-application-controller", "app.kubernetes.io/part-of": partOf } }, spec: { replicas } });

/** A namespace in which these StatefulSets are found, one answer after the other, and argocd-cm has these settings. */
function given(answers: KubeObject[][], settings: Record<string, string> = {}) {
  const patches: unknown[] = [];
  const client = {
    list: async ({ kind }: { kind: string }) => ({ items: kind === "StatefulSet" ? (answers.length > 1 ? answers.shift()! : answers[0]!) : [] }),
    find: async () => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-cm", resourceVersion: "7" }, data: settings }),
    patch: async (_ref: unknown, _type: unknown, body: unknown) => void patches.push(body),
  } as unknown as KubeClient;
  const said: string[] = [];
  const run = (takeover: boolean) => withoutArgoCd({ client, namespace: "argocd", takeover, log: createLogger({ service: "test", level: "silent" }), waiting: (why) => said.push(why), pause: async () => undefined });
  return { run, said, patches };
}

describe(withoutArgoCd, () => {
  it("waits for as long as Argo CD's controller is there, and says so", async () => {
    const { run, said, patches } = given([[theirs(1)], [theirs(1)], [theirs(0)]]);
    await run(false);
    expect(said).toEqual(Array(2).fill("Argo CD's application controller is installed here too (StatefulSet argocd/argocd-application-controller): scale it to 0, or set TRIREME_TAKEOVER=true"));
    expect(patches).toEqual([]);
  });

  it("is not held up by an installation of its own", async () => {
    const { run, said } = given([[theirs(1, "trireme")]]);
    await run(false);
    expect(said).toEqual([]);
  });

  it("takes over when told to, with automatic rollback off unless somebody has decided already", async () => {
    const first = given([[theirs(1)]]);
    await first.run(true);
    expect(first.patches).toEqual([{ metadata: { resourceVersion: "7" }, data: { "trireme.rollback": "off" } }]);
    const decided = given([[theirs(1)]], { "trireme.rollback": "on" });
    await decided.run(true);
    expect(decided.patches).toEqual([]);
  });
});
