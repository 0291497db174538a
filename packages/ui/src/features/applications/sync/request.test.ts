import { syncRequest, type SyncChoices } from "./request.ts";

const CHOICES: SyncChoices = { revision: "", prune: false, dryRun: false, applyOnly: false, force: false, options: [], retry: false, resources: undefined };

describe("syncRequest", () => {
  test.each<{ name: string; choices: Partial<SyncChoices>; sent: object; absent?: string[] }>([
    { name: "nothing chosen: everything, with hooks", choices: {}, sent: { name: "shop", appNamespace: "argocd", prune: false, dryRun: false, strategy: { hook: { force: false } } }, absent: ["revision", "resources", "syncOptions", "retryStrategy"] },
    { name: "without hooks, by force", choices: { applyOnly: true, force: true }, sent: { strategy: { apply: { force: true } } } },
    { name: "another revision, with pruning and options", choices: { revision: "v1.2", prune: true, options: ["Replace=true"] }, sent: { revision: "v1.2", prune: true, syncOptions: { items: ["Replace=true"] } } },
    { name: "some of the objects", choices: { resources: [{ group: "apps", kind: "Deployment", namespace: "team", name: "web" }] }, sent: { resources: [{ group: "apps", kind: "Deployment", namespace: "team", name: "web" }] } },
    { name: "again where it fails", choices: { retry: true }, sent: { retryStrategy: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } } } },
  ])("asks for $name", ({ choices, sent, absent = [] }) => {
    const request = syncRequest("shop", "argocd", { ...CHOICES, ...choices });
    expect(request).toMatchObject(sent);
    expect(Object.keys(request).filter((key) => absent.includes(key))).toEqual([]);
  });
});
