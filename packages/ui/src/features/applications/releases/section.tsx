import { Ago } from "../../../components/ago.tsx";
import { useText } from "../../../i18n/text.tsx";
import { shortRevision } from "../describe.ts";
import type { Releases } from "../details/types.ts";
import type { ApplicationName } from "../details/use-application.ts";
import { LiftQuarantine } from "./lift-quarantine.tsx";
import { RolloutCard } from "./rollout-card.tsx";

/** What is being released, what was taken back and why, and what has held. */
export function ReleasesSection({ of, releases }: { of: ApplicationName; releases: Releases | undefined }) {
  const t = useText();
  const { rollouts, quarantined, pinned, proven } = releases ?? {};
  if ((rollouts ?? []).length === 0 && (quarantined ?? []).length === 0) return null;
  const named = (revisions: readonly string[] | null | undefined): string => (revisions ?? []).map(shortRevision).join(", ");
  return (
    <section className="panel releases" aria-label={t("releases.title")}>
      <h2>{t("releases.title")}</h2>
      {(quarantined ?? []).map((set) => (
        <div key={set.digest} className="notice rolled-back" data-testid="rolled-back">
          <p>
            <strong>{pinned ? t("releases.rolledBack", { from: named(set.revisions), to: named(pinned.revisions) }) : t("releases.quarantined", { from: named(set.revisions) })}</strong> <Ago time={set.since} />
          </p>
          <p>{set.message}</p>
          <p className="faint">{t("releases.held")}</p>
          <LiftQuarantine of={of} digest={set.digest} />
        </div>
      ))}
      {(rollouts ?? []).map((rollout) => (
        <RolloutCard key={`${rollout.namespace}/${rollout.name}`} of={of} rollout={rollout} />
      ))}
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
