import { Kbd, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useServerSettings } from "../api/server-settings.ts";
import { useText } from "../i18n/text.tsx";
import { go } from "../navigation.tsx";
import { Dialog } from "./dialog.tsx";
import { keyLines, type KeyLine } from "./keys.ts";
import { OuterLink } from "./outer-link.tsx";
import { PALETTE_KEYS } from "./palette/button.tsx";
import { activeKeys, useKeys } from "./use-keys.ts";

/** The keys that the page knows now, and those that work everywhere; and whom to ask. */
export function Help() {
  const t = useText();
  const [lines, setLines] = useState<ReturnType<typeof keyLines>>();
  const open = (): void => setLines(keyLines(activeKeys()));
  useKeys({ "?": open, "g a": () => go("applications"), "g r": () => go("settings/repos"), "g s": () => go("settings") });
  return (
    <>
      <UnstyledButton className="help-button" aria-label={t("help.title")} aria-keyshortcuts="?" onClick={open}>
        ?
      </UnstyledButton>
      <Dialog opened={lines !== undefined} onClose={() => setLines(undefined)} title={t("help.title")}>
        {lines !== undefined && (
          <>
            {lines.here.length > 0 && <Lines title={t("help.here")} lines={lines.here} />}
            <Lines title={t("help.everywhere")} lines={[{ keys: [PALETTE_KEYS], text: "help.palette" }, ...lines.everywhere]} />
            <More />
          </>
        )}
      </Dialog>
    </>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly KeyLine[] }) {
  const t = useText();
  return (
    <section className="key-lines">
      <h3>{title}</h3>
      <dl className="keys">
        {lines.map(({ keys, text }) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <span key={key}>
                  {key.split(" ").map((one) => (
                    <Kbd key={one}>{one}</Kbd>
                  ))}
                </span>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What the settings name: where to ask, and where the command is to be had. */
function More() {
  const t = useText();
  const { chatUrl, chatText, binaryUrls } = useServerSettings().data?.help ?? {};
  const downloads = Object.entries(binaryUrls ?? {});
  return (
    <>
      {chatUrl && (
        <p className="help-chat">
          <OuterLink url={chatUrl} title={chatText} />
        </p>
      )}
      {downloads.length > 0 && (
        <section className="key-lines">
          <h3>{t("help.downloads")}</h3>
          <p className="links">
            {downloads.map(([platform, url]) => (
              <OuterLink key={platform} url={url} title={platform} />
            ))}
          </p>
        </section>
      )}
    </>
  );
}
