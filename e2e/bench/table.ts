import { percentile, type Measurement } from "./measure.ts";

/** The table that `npm run bench` prints: medians first, with what was wanted and what Argo CD takes. */
export function table(measurements: readonly Measurement[]): string {
  const header = ["scenario", "p50", "p90", "max", "n", "bound here", "goal", "Argo CD 3.5.1", ""];
  const rows = measurements.map((one) => [
    one.scenario,
    value(percentile(one.samples, 0.5), one.unit),
    one.samples.length > 4 ? value(percentile(one.samples, 0.9), one.unit) : "",
    one.samples.length > 1 ? value(Math.max(...one.samples), one.unit) : "",
    String(one.samples.length),
    one.bound === undefined ? "" : value(one.bound, one.unit),
    one.goal === undefined ? "" : `${value(one.goal, one.unit)}${reached(one) ? "" : " (missed)"}`,
    one.argo === undefined ? "" : value(one.argo, one.unit),
    one.note ?? "",
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)));
  return [header, widths.map((width) => "─".repeat(width)), ...rows].map((row) => row.map((cell, column) => (column === 0 || column === 8 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join("  ").trimEnd()).join("\n");
}

function reached(one: Measurement): boolean {
  const median = percentile(one.samples, 0.5);
  return one.unit === "/s" ? median >= one.goal! : median <= one.goal!;
}

function value(number: number, unit: Measurement["unit"]): string {
  if (unit === "/s") return `${Math.round(number).toLocaleString("en")}/s`;
  if (unit === "cores") return `${number.toFixed(2)} cores`;
  if (unit === "kB" || unit === "MB") return `${number < 10 ? number.toFixed(1) : Math.round(number)} ${unit}`;
  if (number >= 10_000) return `${(number / 1000).toFixed(1)} s`;
  return `${number >= 100 ? Math.round(number).toLocaleString("en") : number.toFixed(1)} ms`;
}
