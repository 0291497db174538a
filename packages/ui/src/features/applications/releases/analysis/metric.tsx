import { Ago } from "../../../../components/ago.tsx";
import { isTextKey, useLanguage, useText } from "../../../../i18n/text.tsx";
import type { Measurement, Metric } from "../../details/types.ts";
import { chartOf } from "./chart.ts";
import { Outcome } from "./outcome.tsx";

/** One metric of an analysis: its measurements over time against its limits, and each of them in words. */
export function MetricChart({ metric }: { metric: Metric }) {
  const t = useText();
  const { name, dryRun, phase, message, count = 0, failureLimit = 0, taken = 0, failed = 0 } = metric;
  const measurements = metric.measurements ?? [];
  const last = measurements.at(-1);
  return (
    <li className="metric" data-metric={name} data-phase={phase ?? ""}>
      <div className="metric-head">
        <strong>{name}</strong>
        {last !== undefined && <span className="metric-last">{shownValue(last)}</span>}
        {dryRun === true && (
          <span className="tag" title={t("analysis.dryRunMeans")}>
            {t("analysis.dryRun")}
          </span>
        )}
        <small>{count > 0 ? t("analysis.taken", { taken, count }) : t("analysis.takenSoFar", { taken })}</small>
      </div>
      <Picture metric={metric} />
      <small className="conditions">
        {metric.successCondition && (
          <span>
            {t("analysis.goodIf")} <code>{metric.successCondition}</code>
          </span>
        )}
        {metric.failureCondition && (
          <span>
            {t("analysis.badIf")} <code>{metric.failureCondition}</code>
          </span>
        )}
        {failed > 0 && <span>{failureLimit < 0 ? t("analysis.failedOfAny", { failed }) : t("analysis.failedOf", { failed, limit: failureLimit })}</span>}
      </small>
      {message && <p className="metric-message">{message}</p>}
      {measurements.length > 0 && <Measurements measurements={measurements} />}
    </li>
  );
}

function Picture({ metric }: { metric: Metric }) {
  const t = useText();
  const language = useLanguage();
  const { width, height, line, points, limits, zones } = chartOf(metric);
  const tell = (one: Measurement): string => [outcomeWord(one.phase, t), shownValue(one), one.startedAt === undefined ? "" : new Date(one.startedAt).toLocaleTimeString(language)].filter((part) => part !== "").join(" · ");
  if (points.length === 0) return <p className="metric-none faint">{t("analysis.nothingYet")}</p>;
  return (
    <svg className="metric-chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t("analysis.chart", { name: metric.name, values: points.map(({ measurement }) => tell(measurement)).join("; ") })}>
      {zones.map((zone, index) => (
        <rect key={index} className="zone" x={0} y={zone.y} width={width} height={zone.height} />
      ))}
      {limits.map(({ y, text }, index) => (
        <g key={index} className="limit">
          <line x1={0} x2={width} y1={y} y2={y} />
          <text x={width - 2} y={y < 16 ? y + 11 : y - 3}>
            {text}
          </text>
        </g>
      ))}
      {line !== undefined && <path className="trend" d={line} />}
      {points.map(({ x, y, measurement }, index) => (
        <Outcome key={index} phase={measurement.phase} x={x} y={y} label={tell(measurement)} />
      ))}
    </svg>
  );
}

function Measurements({ measurements }: { measurements: readonly Measurement[] }) {
  const t = useText();
  return (
    <details>
      <summary>{t("analysis.measurements")}</summary>
      <ol className="measurements">
        {measurements.toReversed().map((one, index) => (
          <li key={index}>
            <svg viewBox="-7 -7 14 14" aria-hidden="true">
              <Outcome phase={one.phase} x={0} y={0} />
            </svg>
            <span>{outcomeWord(one.phase, t)}</span>
            <code>{shownValue(one)}</code>
            <Ago time={one.finishedAt ?? one.startedAt} />
            {one.message && <span className="faint">{one.message}</span>}
          </li>
        ))}
      </ol>
    </details>
  );
}

export function outcomeWord(phase: string | undefined, t: ReturnType<typeof useText>): string {
  const key = `outcome.${phase || "Pending"}`;
  return isTextKey(key) ? t(key) : (phase ?? "");
}

/** A long number is cut where nobody reads on. */
const shownValue = ({ number, value = "" }: Measurement): string => (number === undefined ? value : String(Number(number.toPrecision(6))));
