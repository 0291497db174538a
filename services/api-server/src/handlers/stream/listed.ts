import type { Application } from "@trireme/api/argo";

/** What a list shows of an application, and its JSON. */
export interface Listed {
  object: unknown;
  text: string;
}

const made = new WeakMap<Application, Listed>();

/** Cut once for each version of an application, however many lists are looked at. */
export function listed(app: Application): Listed {
  let cut = made.get(app);
  if (cut === undefined) {
    const object = cutOf(app);
    made.set(app, (cut = { object, text: JSON.stringify(object) }));
  }
  return cut;
}

function cutOf({ metadata, spec, status, operation }: Application): object {
  const { name, namespace, labels, creationTimestamp, deletionTimestamp } = metadata;
  const { project, source, sources, destination, syncPolicy } = spec;
  const { sync, health, operationState } = status ?? {};
  return {
    metadata: { name, namespace, labels, creationTimestamp, deletionTimestamp },
    spec: { project, source, sources, destination, syncPolicy },
    ...(operation && { operation: { sync: operation.sync } }),
    status: {
      sync: { status: sync?.status, revision: sync?.revision },
      health,
      ...(operationState && { operationState: { phase: operationState.phase, startedAt: operationState.startedAt, finishedAt: operationState.finishedAt } }),
    },
  };
}
