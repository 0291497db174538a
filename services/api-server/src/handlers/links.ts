import type { Json } from "@trireme/api";
import type { Application, AppProject } from "@trireme/api/argo";
import { Annotation, isExternalUrl } from "@trireme/gitops";
import { evaluateOver } from "@trireme/api/expr";
import type { Logger } from "@trireme/runtime";
import type { Cluster, DeepLink } from "@trireme/settings";
import { fillTemplate } from "../template/execute.ts";

/** What a link may speak of; a part that does not belong to its place is nil. */
export interface LinkSubjects {
  application?: Application;
  resource?: unknown;
  cluster?: Cluster | undefined;
  project?: AppProject;
}

/**
 * The deep links of a place (`application.links`, `project.links`, `resource.links`) whose condition holds, filled in. One
 * that cannot be told, or that would lead to anything but a page or a mailbox, is left out, and the log says why.
 */
export function deepLinks(links: readonly DeepLink[], subjects: LinkSubjects, log: Logger) {
  const values = valuesOf(subjects);
  const items = links.flatMap((link) => {
    try {
      if (link.if !== undefined && !evaluateOver(link.if, values)) return [];
      const url = fillTemplate(link.url, values);
      if (!isExternalUrl(url)) throw new Error("it leads to neither http, https nor mailto");
      return [{ title: link.title, url, ...(link.description && { description: link.description }), ...(link["icon.class"] && { iconClass: link["icon.class"] }) }];
    } catch (thrown) {
      log.warn({ title: link.title, why: (thrown as Error).message }, "deep link left out");
      return [];
    }
  });
  return items.length === 0 ? {} : { items };
}

/** By the names that templates and conditions know; of a cluster nothing that gives access to it. */
function valuesOf({ application, resource, cluster, project }: LinkSubjects): Record<string, Json> {
  const managedBy = application?.metadata.annotations?.[Annotation.ManagedByUrl];
  const known = {
    ...(resource !== undefined && { resource }),
    ...(application !== undefined && { application, app: application }),
    ...(cluster !== undefined && { cluster: { server: cluster.server, name: cluster.name, namespaces: cluster.namespaces, ...(cluster.shard !== undefined && { shard: cluster.shard }), project: cluster.project, labels: cluster.labels, annotations: cluster.annotations } }),
    ...(project !== undefined && { project }),
    ...(managedBy !== undefined && isExternalUrl(managedBy) && { managedByURL: managedBy }),
  };
  return { resource: null, application: null, app: null, cluster: null, project: null, managedByURL: null, ...(JSON.parse(JSON.stringify(known)) as Record<string, Json>) };
}
