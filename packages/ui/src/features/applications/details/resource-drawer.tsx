import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { dump } from "js-yaml";
import { call } from "../../../api/client.ts";
import { Ago } from "../../../components/ago.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { Status } from "../../../components/status.tsx";
import { useText } from "../../../i18n/text.tsx";
import { objectKey } from "./tree.ts";
import type { Tree, TreeNode } from "./types.ts";
import { applicationAddress, type ApplicationName } from "./use-application.ts";

/** One object: its live manifest, secrets hidden, and its events. */
export function ResourceDrawer({ of, tree, selected, onClose }: { of: ApplicationName; tree: Tree | undefined; selected: string | undefined; onClose: () => void }) {
  const t = useText();
  const node = (tree?.nodes ?? []).find((one) => objectKey(one) === selected);
  return (
    <Drawer opened={selected !== undefined && tree !== undefined} onClose={onClose} size="min(760px, 100%)" title={node === undefined ? t("resource.title") : `${node.kind} ${node.name}`} closeButtonProps={{ "aria-label": t("action.close") }}>
      {selected !== undefined && (node === undefined ? <p className="empty">{t("resource.missing")}</p> : <Resource of={of} node={node} />)}
    </Drawer>
  );
}

function Resource({ of, node }: { of: ApplicationName; node: TreeNode }) {
  const t = useText();
  const { group = "", version = "", kind, namespace = "", name, uid = "" } = node;
  const key = ["resource", of.namespace, of.name, objectKey(node), uid];
  const manifest = useQuery({ queryKey: [...key, "manifest"], staleTime: 0, queryFn: ({ signal }) => call<{ manifest?: string }>("GET", applicationAddress(of, "/resource", { group, version, kind, namespace, resourceName: name }), undefined, signal) });
  const events = useQuery({ queryKey: [...key, "events"], staleTime: 0, queryFn: ({ signal }) => call<{ items?: ResourceEvent[] | null }>("GET", applicationAddress(of, "/events", { resourceNamespace: namespace, resourceName: name, resourceUID: uid }), undefined, signal) });
  return (
    <>
      <p className="resource-state">
        {node.health?.status && <Status value={node.health.status} what={t("column.health")} />} <span className="faint">{node.health?.message}</span>
      </p>
      <h3>{t("resource.events")}</h3>
      <ErrorNotice error={events.error} />
      {events.data !== undefined && (events.data.items ?? []).length === 0 && <p className="faint">{t("resource.noEvents")}</p>}
      <ul className="events">
        {(events.data?.items ?? []).map((event) => (
          <li key={event.metadata?.name}>
            <strong>{event.reason}</strong> <Ago time={event.lastTimestamp ?? event.metadata?.creationTimestamp} />
            <div>{event.message}</div>
          </li>
        ))}
      </ul>
      <h3>{t("resource.live")}</h3>
      <ErrorNotice error={manifest.error} />
      {manifest.data?.manifest && (
        <pre className="manifest" tabIndex={0}>
          {yamlOf(manifest.data.manifest)}
        </pre>
      )}
    </>
  );
}

interface ResourceEvent {
  metadata?: { name?: string; creationTimestamp?: string };
  reason?: string;
  message?: string;
  lastTimestamp?: string;
}

/** As people write it; who manages which field is another question. */
function yamlOf(json: string): string {
  const object = JSON.parse(json) as { metadata?: Record<string, unknown> };
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return dump({ ...object, metadata }, { lineWidth: 120, noRefs: true });
}
