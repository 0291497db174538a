import { useSyncExternalStore } from "react";
import { useLanguage, useLocale, useText, type Language } from "../i18n/text.tsx";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];

/** How long ago something was (or in how long it will be), kept current; the exact time on hover. */
export function Ago({ time }: { time: string | number | null | undefined }) {
  const language = useLanguage();
  const locale = useLocale();
  const ticked = useSyncExternalStore(everyTick, () => tick);
  const at = time === undefined || time === null ? NaN : new Date(time).getTime();
  // The clock lags behind what was just told.
  const now = at > ticked && at - ticked <= TICK_MS ? at : ticked;
  if (Number.isNaN(at)) return null;
  const exact = new Date(at).toLocaleString(locale);
  return (
    <time dateTime={new Date(at).toISOString()} title={exact}>
      {agoText(at, now, language)}
    </time>
  );
}

/** The same of what has happened for certain, which need not be known when. */
export function When({ time }: { time: string | null | undefined }) {
  const t = useText();
  return time ? <Ago time={time} /> : <span className="faint">{t("time.unknown")}</span>;
}

export function agoText(at: number, now: number, language: Language): string {
  const seconds = Math.round((at - now) / 1000);
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }).format(Math.trunc(seconds / size), unit);
}

const TICK_MS = 5000;

// One clock for everything that is shown.
let tick = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
function everyTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    tick = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}
