import { UnstyledButton } from "@mantine/core";
import { Ago } from "../../../../components/ago.tsx";
import { isTextKey, useText } from "../../../../i18n/text.tsx";
import { setParameters } from "../../../../navigation.tsx";
import type { Analysis } from "../../details/types.ts";
import { MetricChart, outcomeWord } from "./metric.tsx";
import { Outcome, outcomeTone } from "./outcome.tsx";

/** One AnalysisRun: what it judges, how it stands, and a chart of each of its metrics. */
export function AnalysisRun({ analysis, namespace }: { analysis: Analysis; namespace: string }) {
  const t = useText();
  const { name, type = "", phase, message, startedAt, completedAt, metrics } = analysis;
  const typeKey = `analysis.type.${type}`;
  return (
    <section className="run" data-run={name} data-phase={phase ?? ""} aria-label={t("analysis.of", { name })}>
      <p className="run-head">
        <strong>{isTextKey(typeKey) ? t(typeKey) : type || t("analysis.type.Background")}</strong>
        <span className={`status ${outcomeTone(phase)}`}>
          <svg viewBox="-8 -8 16 16" aria-hidden="true">
            <Outcome phase={phase} x={0} y={0} />
          </svg>
          {outcomeWord(phase, t)}
        </span>
        <small>
          <Ago time={completedAt ?? startedAt} />
        </small>
        <UnstyledButton className="link" onClick={() => setParameters({ node: `argoproj.io/AnalysisRun/${namespace}/${name}` })}>
          {name}
        </UnstyledButton>
      </p>
      {message && <p className="run-message">{message}</p>}
      <ul className="metrics">
        {(metrics ?? []).map((metric) => (
          <MetricChart key={metric.name} metric={metric} />
        ))}
      </ul>
    </section>
  );
}
