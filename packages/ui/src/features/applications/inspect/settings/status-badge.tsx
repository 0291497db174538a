import { Button, CopyButton, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { address } from "../../../../api/client.ts";
import { useServerSettings } from "../../../../api/server-settings.ts";
import { useText } from "../../../../i18n/text.tsx";
import { pathOf } from "../../../../routes.ts";
import type { ApplicationName } from "../../details/use-application.ts";

/** How a picture that leads somewhere is written, by the names of the languages. */
const WRITTEN: Record<string, (picture: string, page: string) => string> = {
  Markdown: (picture, page) => `[![App Status](${picture})](${page})`,
  AsciiDoc: (picture, page) => `image:${picture}[App Status, link=${page}]`,
  reStructuredText: (picture, page) => `.. image:: ${picture}\n   :target: ${page}`,
  RDoc: (picture, page) => `{<img src="${picture}" alt="App Status" />}[${page}]`,
  Textile: (picture, page) => `!${picture}!:${page}`,
  HTML: (picture, page) => `<a href="${page}"><img src="${picture}" alt="App Status"></a>`,
  URL: (picture) => picture,
};

/** The application's state as a picture for a README, and how to put it there; nothing where the settings do not switch it on. */
export function StatusBadge({ of }: { of: ApplicationName }) {
  const t = useText();
  const { statusBadgeEnabled, statusBadgeRootUrl } = useServerSettings().data ?? {};
  const [language, setLanguage] = useState("Markdown");
  if (statusBadgeEnabled !== true) return null;
  const root = statusBadgeRootUrl && URL.canParse(statusBadgeRootUrl) ? `${statusBadgeRootUrl.replace(/\/+$/, "")}/` : document.baseURI;
  const query = address("api/badge", { name: of.name, namespace: of.namespace, revision: "true" });
  const text = WRITTEN[language]!(new URL(query, root).href, new URL(pathOf({ page: "application", ...of }), root).href);
  return (
    <fieldset>
      <legend>{t("details.badge")}</legend>
      <img className="status-badge" src={new URL(query, document.baseURI).href} alt={t("details.badge.alt", { name: of.name })} />
      <div className="toolbar">
        <NativeSelect size="xs" aria-label={t("details.badge.language")} data={Object.keys(WRITTEN)} value={language} onChange={(event) => setLanguage(event.currentTarget.value)} />
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {t(copied ? "tokens.copied" : "tokens.copy")}
            </Button>
          )}
        </CopyButton>
      </div>
      <pre className="badge-text" tabIndex={0} aria-label={language}>
        {text}
      </pre>
    </fieldset>
  );
}
