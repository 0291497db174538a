import { isTextKey, useText } from "../i18n/text.tsx";

const TONES: Record<string, string> = {
  Synced: "good", Healthy: "good", Succeeded: "good", Successful: "good", Pruned: "good",
  OutOfSync: "warn", Degraded: "bad", Missing: "warn", Failed: "bad", Error: "bad", SyncFailed: "bad", Aborted: "bad",
  Progressing: "busy", Running: "busy", Terminating: "busy", Suspended: "calm", Paused: "calm", Inconclusive: "warn",
};
const SHAPES: Record<string, string> = {
  good: "M3 8.5l3.200 3.200L13 4.800",
  warn: "M8 3v6.5M8 12.400v.2",
  bad: "M4 4l8 8M12 4l-8 8",
  busy: "M8 3a5 5 0 1 1-4.6 3",
  calm: "M5.5 4v8M10.5 4v8",
  none: "M5 8h6",
};

/** Whether a state is good, bad or in between: its colour and the shape of its sign. */
export const toneOf = (state: string | undefined): string => TONES[state ?? ""] ?? "none";

/** What a state is called. */
export function useStateWord(): (state: string | undefined) => string {
  const t = useText();
  return (state) => {
    const key = `state.${state || "Unknown"}`;
    return isTextKey(key) ? t(key) : (state ?? "");
  };
}

/** A state as a word with a sign of its own shape: colour alone says nothing. */
export function Status({ value, what, plain = false }: { value: string | undefined; what?: string; plain?: boolean }) {
  const wordFor = useStateWord();
  const state = value || "Unknown";
  const tone = toneOf(state);
  const word = wordFor(state);
  return (
    <span className={`status ${tone}`} data-state={state} title={plain ? `${what === undefined ? "" : `${what}: `}${word}` : undefined}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[tone]} />
      </svg>
      <span className={plain ? "hidden-text" : undefined}>
        {what !== undefined && <span className="hidden-text">{what}: </span>}
        {word}
      </span>
    </span>
  );
}
