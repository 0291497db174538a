import { useText } from "../../../../i18n/text.tsx";
import type { Progress } from "./progress.ts";

/** How many of an operation's objects are done, in words and as a line. */
export function ProgressBar({ done, count }: NonNullable<Progress["objects"]>) {
  const t = useText();
  return (
    <div className="operation-progress" data-progress={`${done}/${count}`}>
      <span>{t("operation.progress", { done, count })}</span>
      <span className="progress-line" aria-hidden="true">
        <i style={{ width: `${(100 * done) / Math.max(1, count)}%` }} />
      </span>
    </div>
  );
}
