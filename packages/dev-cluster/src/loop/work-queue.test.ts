import { KubeError } from "@trireme/kube";
import { workQueue } from "./work-queue.ts";

const tick = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

describe(workQueue, () => {
  it("visits a key once for any number of reasons, and never twice at a time", async () => {
    const visits: { done: () => void }[] = [];
    let running = 0;
    await using queue = workQueue({
      name: "test",
      visit: async () => {
        expect(++running).toBe(1);
        const { promise, resolve } = Promise.withResolvers<void>();
        visits.push({ done: resolve });
        await promise;
        running--;
      },
    });
    for (let i = 0; i < 10; i++) queue.add("a");
    while (visits.length < 1) await tick();
    for (let i = 0; i < 10; i++) queue.add("a");
    await tick();
    expect(visits).toHaveLength(1);
    visits[0]!.done();
    while (visits.length < 2) await tick();
    visits[1]!.done();
    await tick();
    expect([visits.length, running]).toEqual([2, 0]);
  });

  it("comes back when it is asked to, and after failures, which it reports", async () => {
    const visits: number[] = [];
    const problems: string[] = [];
    await using queue = workQueue({
      name: "test",
      onError: (what, error) => problems.push(`${what}: ${error.message}`),
      visit: async () => {
        visits.push(Date.now());
        if (visits.length === 1) throw new Error("first");
        return visits.length === 2 ? 5 : undefined;
      },
    });
    queue.add("a");
    while (visits.length < 3) await tick();
    expect(problems).toEqual(["test a: first"]);
  });

  it("takes lost races and namespaces that go as everyday life", async () => {
    const problems: unknown[] = [];
    let visits = 0;
    const failure = (reason: string, causes: { reason: string }[] = []) => new KubeError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code: 409, reason, message: "no", details: { causes } }, { cluster: "c", method: "PUT", path: "/" });
    await using queue = workQueue({
      name: "test",
      onError: (_, error) => problems.push(error),
      visit: async () => {
        if (++visits === 1) throw failure("Conflict");
        throw failure("Forbidden", [{ reason: "NamespaceTerminating" }]);
      },
    });
    queue.add("a");
    while (visits < 2) await tick();
    await tick(30);
    expect({ visits, problems }).toEqual({ visits: 2, problems: [] });
  });
});
