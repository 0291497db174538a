import { ApiError, SessionError } from "../api/client.ts";
import { useText, type Text } from "../i18n/text.tsx";

/** What went wrong, where it went wrong; nothing while nothing did. */
export function ErrorNotice({ error }: { error: unknown }) {
  const t = useText();
  if (error === undefined || error === null) return null;
  return (
    <p role="alert" className="notice failed">
      {wordsFor(error, t)}
    </p>
  );
}

function wordsFor(error: unknown, t: Text): string {
  if (error instanceof SessionError) return t("error.sessionOver");
  if (error instanceof ApiError && error.status === 0) return t("error.unreachable");
  return error instanceof Error && error.message !== "" ? error.message : t("error.unknown");
}
