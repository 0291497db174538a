import { readFileSync } from "node:fs";
import type { GroupVersionKind, KubeObject } from "@trireme/api";
import { gvkOf } from "@trireme/api";
import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { customResourceSchema, openApiSchemas, type SchemaNode } from "../src/index.ts";
import { disagreement, type RecordedWrite } from "../src/testing/index.ts";

interface Recording {
  server: string;
  widget: Parameters<typeof customResourceSchema>[0];
  writes: (Omit<RecordedWrite, "before"> & { first: boolean })[];
}

const { server, widget, writes }: Recording = JSON.parse(readFileSync(new URL("recorded-writes.json", import.meta.url), "utf8"));
const builtIn = openApiSchemas(kubernetesSchemas);
const schemaOf = (gvk: GroupVersionKind): SchemaNode => (gvk.kind === "Widget" ? customResourceSchema(widget, gvk.version, kubernetesSchemas) : builtIn.schemaOf(gvk))!;
const WITHOUT_STATUS = ["ConfigMap", "ServiceAccount", "NetworkPolicy"];

function* replayed(): Generator<RecordedWrite> {
  let live: KubeObject | undefined;
  for (const { first, ...write } of writes) {
    yield { ...write, before: first ? undefined : live };
    if (write.status < 300) live = write.after as KubeObject;
  }
}

describe(`writes recorded from Kubernetes ${server}`, () => {
  it("have the same owners, conflicts and content with our merge", () => {
    const found: string[] = [];
    for (const [number, write] of [...replayed()].entries()) {
      if (write.status >= 400 && write.status !== 409) continue;
      const gvk = gvkOf((write.before ?? write.after) as KubeObject);
      const problem = disagreement(write, schemaOf(gvk), !WITHOUT_STATUS.includes(write.kind));
      if (problem !== undefined) found.push(`write ${number} (${write.verb} ${write.kind} by ${write.manager}): ${problem}`);
    }
    expect(found).toEqual([]);
  });

  it("cover applies, updates, status and conflicts", () => {
    const count = (test: (write: RecordedWrite) => boolean): number => [...replayed()].filter(test).length;
    expect(count(({ verb, status }) => verb === "apply" && status < 300)).toBeGreaterThan(40);
    expect(count(({ verb, status }) => verb === "write" && status < 300)).toBeGreaterThan(30);
    expect(count(({ subresource }) => subresource === "status")).toBeGreaterThan(8);
    expect(count(({ status }) => status === 409)).toBeGreaterThan(2);
  });
});
