import { Drawer } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { Status } from "../../../../components/status.tsx";
import { FocusBack } from "../../../../components/focus-back.tsx";
import { useText, type TextKey } from "../../../../i18n/text.tsx";
import { setParameters, useRoute } from "../../../../navigation.tsx";
import type { Tree } from "../../details/types.ts";
import type { ApplicationName } from "../../details/use-application.ts";
import { Logs } from "../logs/logs.tsx";
import { parseObjectKey, subjectOf, type Subject } from "../subject.ts";
import { TabPanel, Tabs } from "../tabs.tsx";
import { objectKey } from "../../details/tree.ts";
import { Actions } from "./actions.tsx";
import { DeleteResource } from "./delete-resource.tsx";
import { Events } from "./events.tsx";
import { Manifest } from "./manifest.tsx";
import { ObjectDiff } from "./object-diff.tsx";
import { Summary } from "./summary.tsx";

interface Props {
  of: ApplicationName;
  app: Application;
  tree: Tree | undefined;
  /** As the address names it. */
  selected: string;
  onClose: () => void;
}

const TABS = ["summary", "diff", "manifest", "events", "logs", "actions", "delete"] as const;
type Tab = (typeof TABS)[number];

/** One object, whatever is to be known and done about it; which part is shown is in the address. */
export default function ResourceDrawer({ of, app, tree, selected, onClose }: Props) {
  const t = useText();
  const { parameters } = useRoute();
  const [holding, setHolding] = useState(false);
  const name = useMemo(() => parseObjectKey(selected), [selected]);
  const resources = app.status?.resources;
  const found = useMemo(() => (name === undefined || tree === undefined ? undefined : subjectOf(objectKey(name), tree, resources ?? [])), [name, tree, resources]);
  // What is gone is still shown as it was last known.
  const [last, setLast] = useState<Subject>();
  if (found !== undefined && found !== last) setLast(found);
  const known = last !== undefined && name !== undefined && objectKey(last) === objectKey(name) ? last : undefined;
  const subject = found ?? known;
  const tabs = subject === undefined ? [] : tabsOf(subject, tree ?? {}, found !== undefined);
  const asked = parameters.get("tab") === "event" ? "events" : parameters.get("tab");
  const tab = tabs.find((one) => one === asked) ?? tabs[0] ?? "summary";
  const open = (id: Tab): void => setParameters({ tab: id === "summary" ? undefined : id }, { replace: true });
  return (
    <Drawer opened onClose={onClose} size="min(980px, 100%)" closeOnEscape={!holding} closeOnClickOutside={!holding} title={<Title subject={subject} />} closeButtonProps={{ "aria-label": t("action.close") }} classNames={{ body: "drawer-body", content: "drawer-content" }}>
      <FocusBack />
      {found === undefined && tree !== undefined && (
        <p className="notice" role="status">
          {known === undefined ? t("resource.missing") : t("resource.gone")}
        </p>
      )}
      {subject !== undefined && (
        <>
          <Tabs label={t("resource.parts")} tabs={tabs.map((id) => ({ id, text: t(`resource.tab.${id}` satisfies TextKey) }))} chosen={tab} onChoose={open} />
          <TabPanel id={tab}>
            {tab === "summary" && <Summary of={of} app={app} subject={subject} tree={tree ?? {}} />}
            {tab === "diff" && <ObjectDiff of={of} app={app} subject={subject} tree={tree ?? {}} />}
            {tab === "manifest" && <Manifest of={of} app={app} subject={subject} onHold={setHolding} />}
            {tab === "events" && <Events of={of} subject={subject} />}
            {tab === "logs" && <Logs of={of} app={app} subject={subject} tree={tree ?? {}} />}
            {tab === "actions" && <Actions of={of} app={app} subject={subject} />}
            {tab === "delete" && <DeleteResource of={of} app={app} subject={subject} tree={tree ?? {}} />}
          </TabPanel>
        </>
      )}
    </Drawer>
  );
}

function Title({ subject }: { subject: Subject | undefined }) {
  const t = useText();
  if (subject === undefined) return t("resource.title");
  const { kind, name, node, declared } = subject;
  const health = node?.health?.status ?? declared?.health?.status;
  return (
    <span className="drawer-title">
      <span className="kind">{kind}</span> <strong>{name}</strong>
      {health !== undefined && <Status value={health} what={t("column.health")} />}
      {declared !== undefined && <Status value={declared.requiresPruning === true ? "RequiresPruning" : declared.status} what={t("column.sync")} />}
    </span>
  );
}

/** What there is to say of an object: of one that is only in Git, no events; of one that runs nothing, no logs. */
function tabsOf(subject: Subject, tree: Tree, present: boolean): Tab[] {
  const live = subject.node?.uid !== undefined && present;
  return TABS.filter((tab) => {
    if (tab === "summary" || tab === "manifest") return true;
    if (tab === "diff") return subject.declared !== undefined;
    if (tab === "logs") return live && runsPods(subject, tree);
    return live;
  });
}

function runsPods(subject: Subject, tree: Tree): boolean {
  const key = objectKey(subject);
  const byKey = new Map((tree.nodes ?? []).map((node) => [objectKey(node), node]));
  const isBelow = (at: string, depth = 0): boolean => at === key || (depth < 16 && (byKey.get(at)?.parentRefs ?? []).some((parent) => isBelow(objectKey(parent), depth + 1)));
  return (tree.nodes ?? []).some((node) => node.kind === "Pod" && (node.group ?? "") === "" && isBelow(objectKey(node)));
}
