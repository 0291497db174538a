import { useMemo } from "react";
import { useText } from "../../i18n/text.tsx";
import { useScheme } from "../../theme.ts";
import type { CodeLabels } from "./editor-state.ts";

/** The labels and the theme of an editor, the same objects until language or theme change. */
export function useCodeLabels(label: string): { labels: CodeLabels; dark: boolean } {
  const t = useText();
  const dark = useScheme() === "dark";
  const labels = useMemo(
    () => ({
      label,
      phrases: {
        // The editor puts the number in place of the sign.
        "$ unchanged lines": t("code.unchanged", { count: "$" }),
        Find: t("code.find"),
        Replace: t("code.replaceWith"),
        next: t("code.next"),
        previous: t("code.previous"),
        all: t("code.all"),
        "match case": t("code.matchCase"),
        regexp: t("code.regexp"),
        "by word": t("code.byWord"),
        replace: t("code.replace"),
        "replace all": t("code.replaceAll"),
        close: t("action.close"),
        "Fold line": t("code.fold"),
        "Unfold line": t("code.unfold"),
        "folded code": t("code.folded"),
        unfold: t("code.unfold"),
      },
    }),
    [t, label],
  );
  return { labels, dark };
}
