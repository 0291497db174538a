import type { KubeObject } from "@trireme/api";
import { KubeError } from "@trireme/kube";
import { deleteObject } from "./delete-object.ts";
import { APPLICATION } from "./resources.ts";

const app: KubeObject = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "web", namespace: "argocd", uid: "u" } };

async function after(answer: () => Promise<unknown>) {
  const seen: unknown[] = [];
  const asked: unknown[] = [];
  const cache = { observe: (object: KubeObject) => void seen.push(["observe", object]), observeDeleted: (object: KubeObject) => void seen.push(["observeDeleted", object]) };
  const kube = { delete: async (...call: unknown[]) => (asked.push(call.slice(0, 1)), asked.push((call[1] as any).preconditions), answer()) } as never;
  const done = await deleteObject(app, APPLICATION, cache, { kube }, new AbortController().signal).then(() => "done", (error: Error) => error.message);
  return { done, seen, asked };
}

describe("deleting an object of the cache", () => {
  const leaving = { ...app, metadata: { ...app.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["a/b"] } };

  test.each([
    { name: "kept by a finalizer is seen on its way out", answer: async () => leaving, done: "done", seen: [["observe", leaving]] },
    { name: "gone, says the server", answer: async () => ({ kind: "Status", status: "Success" }), done: "done", seen: [["observeDeleted", app]] },
    { name: "gone, with what it was", answer: async () => app, done: "done", seen: [["observeDeleted", app]] },
    { name: "gone before", answer: async () => Promise.reject(new KubeError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code: 404, reason: "NotFound", message: "not found" }, { cluster: "a", method: "DELETE", path: "/" })), done: "done", seen: [["observeDeleted", app]] },
    { name: "refused stays", answer: async () => Promise.reject(new Error("no right")), done: "no right", seen: [] },
  ])("$name", async ({ answer, done, seen }) => {
    expect(await after(answer)).toMatchObject({ done, seen });
  });

  it("never meets another of its name", async () => {
    const { asked } = await after(async () => app);
    expect(asked).toEqual([[{ group: "argoproj.io", version: "v1alpha1", kind: "Application", name: "web", namespace: "argocd" }], { uid: "u" }]);
  });
});
