import "../../../styles/releases.css";
import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { Application } from "@trireme/api/argo";
import { Ago } from "../../../components/ago.tsx";
import { useText } from "../../../i18n/text.tsx";
import { shortRevision } from "../describe.ts";
import type { Releases, RolloutRelease } from "../details/types.ts";
import type { ApplicationName } from "../details/use-application.ts";
import { LiftQuarantine } from "./lift-quarantine.tsx";
import { RolloutCard } from "./rollout-card.tsx";

const SHOWN = 3;

/** What is being released, what was taken back and why, and what has held. */
export function ReleasesSection({ of, app, releases }: { of: ApplicationName; app: Application; releases: Releases | undefined }) {
  const t = useText();
  const [all, setAll] = useState(false);
  const { quarantined, pinned, proven } = releases ?? {};
  // Those on their way first.
  const rollouts = (releases?.rollouts ?? []).toSorted((a, b) => Number(isQuiet(a)) - Number(isQuiet(b)));
  if (rollouts.length === 0 && (quarantined ?? []).length === 0) return null;
  const shown = all ? rollouts : rollouts.slice(0, Math.max(SHOWN, rollouts.filter((one) => !isQuiet(one)).length));
  const named = (revisions: readonly string[] | null | undefined): string => (revisions ?? []).map(shortRevision).join(", ");
  return (
    <section className="panel releases" aria-label={t("releases.title")}>
      <h2>{t("releases.title")}</h2>
      {(quarantined ?? []).map((set, index) => (
        <div key={set.digest} className="notice rolled-back" data-testid="rolled-back">
          <div>
            <p>
              <strong>{pinned ? t("releases.rolledBack", { from: named(set.revisions), to: named(pinned.revisions) }) : t("releases.quarantined", { from: named(set.revisions) })}</strong> <Ago time={set.since} />
            </p>
            {/* Of the newest it stands on top of the page. */}
            {index > 0 && <p>{set.message}</p>}
            <p className="faint">{t("releases.held")}</p>
          </div>
          <LiftQuarantine of={of} app={app} digest={set.digest} />
        </div>
      ))}
      {shown.map((rollout) => (
        <RolloutCard key={`${rollout.namespace}/${rollout.name}`} of={of} app={app} rollout={rollout} isTakenBack={(quarantined ?? []).length > 0} />
      ))}
      {rollouts.length > shown.length && (
        <UnstyledButton className="link" onClick={() => setAll(true)}>
          {t("releases.more", { count: rollouts.length - shown.length })}
        </UnstyledButton>
      )}
      {(proven ?? []).length > 0 && (
        <p className="faint">
          {t("releases.proven")}{" "}
          {proven!.map(({ digest, revisions, provenAt }, index) => (
            <span key={digest}>
              {index > 0 && ", "}
              {named(revisions)} (<Ago time={provenAt} />)
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

const isQuiet = ({ phase }: RolloutRelease): boolean => phase === "Healthy";
