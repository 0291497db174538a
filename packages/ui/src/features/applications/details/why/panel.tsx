import { Button, UnstyledButton } from "@mantine/core";
import { isAutomated } from "@trireme/gitops";
import { useState } from "react";
import type { Application } from "@trireme/api/argo";
import { applicationPermission, useControlPlane } from "../../../../api/permissions.ts";
import { Ago } from "../../../../components/ago.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { setParameters } from "../../../../navigation.tsx";
import { objectKey } from "../tree.ts";
import type { ObjectName, Releases, Tree, Why } from "../types.ts";
import type { ApplicationName } from "../use-application.ts";
import { Evidence } from "./evidence.tsx";
import { groupsOf, type WhyGroup } from "./groups.ts";
import { NextSteps } from "./next-steps.tsx";
import { nextOf, sentenceOf } from "./sentence.ts";

const SHOWN = 3;
const OBJECTS = 4;

export interface WhyProps {
  of: ApplicationName;
  app: Application;
  tree: Tree | undefined;
  releases: Releases | undefined;
  onSync: (parameters: Record<string, string>) => void;
  onRefresh: (kind: "normal" | "hard") => void;
}

/** Whenever an application is not Synced and Healthy: the heaviest reason in a sentence, what it hangs on, what proves it and what to do next; below it the others. */
export function WhyPanel({ why, ...props }: WhyProps & { why: Why | undefined }) {
  const t = useText();
  const [all, setAll] = useState(false);
  const [opened, setOpened] = useState<string>();
  const groups = groupsOf(why?.reasons ?? []);
  const [first, ...others] = groups;
  if (first === undefined) return null;
  const shown = all ? others : others.slice(0, SHOWN - 1);
  return (
    <section className={`why ${isQuiet(first) ? "quiet" : ""}`} aria-label={t("why.title")}>
      <Reason key={first.key} {...props} group={first} isFirst />
      {others.length > 0 && (
        <ul className="why-others" aria-label={t("why.others")}>
          {shown.map((group) => (
            <li key={group.key} data-reason={group.reason.reason} data-cause={group.reason.cause}>
              {opened === group.key ? (
                <Reason {...props} group={group} />
              ) : (
                <UnstyledButton className="why-other" aria-expanded={false} onClick={() => setOpened(group.key)}>
                  {sentenceOf(group, t)} <Ago time={group.reason.since} />
                </UnstyledButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {others.length > SHOWN - 1 && (
        <Button variant="subtle" onClick={() => setAll(!all)}>
          {all ? t("why.fewer") : t("why.more", { count: others.length - SHOWN + 1 })}
        </Button>
      )}
    </section>
  );
}

/** What goes on by itself, or waits for somebody, is no trouble. */
const isQuiet = ({ reason: { reason, cause = "" } }: WhyGroup): boolean => ["Progressing", "Suspended", "OperationRunning"].includes(reason) && !["ImagePull", "Crashing", "OutOfMemory", "ContainerConfig", "Unschedulable", "PodsRefused", "JobFailed"].includes(cause);

/** Nothing but the server's message says more than the sentence; what an operation does stands in its own section. */
const isUntold = ({ reason: { reason, cause, facts, evidence }, all }: WhyGroup): boolean => all.length === 1 && (facts ?? []).length + (evidence ?? []).length === 0 && !cause && !["Missing", "RequiresPruning", "OperationRunning"].includes(reason);

function Reason({ group, isFirst = false, ...props }: WhyProps & { group: WhyGroup; isFirst?: boolean }) {
  const t = useText();
  const controlPlane = useControlPlane();
  const { reason, all } = group;
  const sentence = sentenceOf(group, t);
  const next = nextOf(reason, t);
  const manual = ["Missing", "Drifted", "RequiresPruning"].includes(reason.reason) && reason.cause !== "HeldBack" && !isAutomated(props.app.spec.syncPolicy);
  const Heading = isFirst ? "h2" : "h3";
  return (
    <div className="reason" {...(isFirst && { "data-reason": reason.reason, "data-cause": reason.cause })}>
      <Heading>
        {sentence} <Ago time={reason.since} />
      </Heading>
      <Objects group={group} />
      {/* What the server says, where nothing else says it. */}
      {reason.message !== sentence && isUntold(group) && reason.message && <p>{reason.message}</p>}
      {all.length === 1 && <Evidence of={props.of} reason={reason} tree={props.tree} logsOf={applicationPermission(props.app, "get", controlPlane).object} />}
      {next && (
        <p className="faint">
          {next} {manual && t("why.manual")}
        </p>
      )}
      <NextSteps {...props} group={group} />
    </div>
  );
}

/** The objects that a reason is about, each a way to it. */
function Objects({ group: { all } }: { group: WhyGroup }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const named = all.flatMap(({ object, blocker }) => (all.length > 1 ? [object ?? blocker] : [object, blocker])).filter((one): one is ObjectName => one !== undefined && one !== null);
  if (named.length === 0) return null;
  const shown = open ? named : named.slice(0, OBJECTS);
  return (
    <p className="why-objects">
      {shown.map((one) => (
        <UnstyledButton key={objectKey(one)} className="why-object" onClick={() => setParameters({ node: objectKey(one) })}>
          <small>{one.kind}</small> {one.name}
        </UnstyledButton>
      ))}
      {named.length > OBJECTS && (
        <UnstyledButton className="why-object" onClick={() => setOpen(!open)}>
          {open ? t("why.fewer") : t("why.more", { count: named.length - OBJECTS })}
        </UnstyledButton>
      )}
    </p>
  );
}
