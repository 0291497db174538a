import { SegmentedControl } from "@mantine/core";
import { useChoice } from "../../choice.ts";
import { LANGUAGES, useText } from "../../i18n/text.tsx";
import { SCHEMES } from "../../theme.ts";
import { SettingsFrame } from "./frame.tsx";

/** Settings → Appearance: kept in this browser. */
export default function AppearancePage() {
  const t = useText();
  const [scheme, setScheme] = useChoice("scheme", SCHEMES);
  const [language, setLanguage] = useChoice("language", LANGUAGES);
  return (
    <SettingsFrame title={t("settings.appearance")}>
      <div className="panel form">
        <p className="faint">{t("appearance.about")}</p>
        <div className="pick">
          <h2>{t("shell.scheme")}</h2>
          <SegmentedControl aria-label={t("shell.scheme")} value={scheme} onChange={(value) => setScheme(value)} data={SCHEMES.map((value) => ({ value, label: t(`scheme.${value}`) }))} />
        </div>
        <div className="pick">
          <h2>{t("shell.language")}</h2>
          <SegmentedControl aria-label={t("shell.language")} value={language} onChange={(value) => setLanguage(value)} data={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))} />
        </div>
      </div>
    </SettingsFrame>
  );
}
