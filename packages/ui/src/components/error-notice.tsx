import { ApiError } from "../api/client.ts";
import { useText } from "../i18n/text.tsx";

/** What went wrong, where it went wrong; nothing while nothing did. */
export function ErrorNotice({ error }: { error: unknown }) {
  const t = useText();
  if (error === undefined || error === null) return null;
  const unreachable = error instanceof ApiError && error.status === 0;
  return (
    <p role="alert" className="notice failed">
      {unreachable ? t("error.unreachable") : error instanceof Error && error.message !== "" ? error.message : t("error.unknown")}
    </p>
  );
}
