/** What came of a measurement or a run: each with a shape of its own, so that colour alone says nothing. */
const SHAPES: Record<string, { tone: string; path: string }> = {
  Successful: { tone: "good", path: "M0 -4.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 1 0 0 -9z" },
  Failed: { tone: "bad", path: "M-4 -4L4 4M4 -4L-4 4" },
  Inconclusive: { tone: "warn", path: "M0 -5L5 4H-5z" },
  Running: { tone: "busy", path: "M0 -4.500A4.500 4.500 0 1 1 -4.200 -1.500" },
  Error: { tone: "bad", path: "M-4.200 -4.200H4.200V4.200H-4.200zM0 -2V.8M0 2.200V2.400" },
};

export const outcomeTone = (phase: string | undefined): string => SHAPES[phase ?? ""]?.tone ?? "none";

/** The sign of an outcome around the given place. */
export function Outcome({ phase, x, y, label }: { phase: string | undefined; x: number; y: number; label?: string }) {
  const { tone, path } = SHAPES[phase ?? ""] ?? { tone: "none", path: "M-4 0H4" };
  return (
    <path className={`outcome ${tone} ${phase ?? ""}`} d={path} transform={`translate(${x} ${y})`}>
      {label !== undefined && <title>{label}</title>}
    </path>
  );
}
