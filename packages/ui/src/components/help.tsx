import { Kbd, Modal, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useText, type TextKey } from "../i18n/text.tsx";
import { go } from "../navigation.tsx";
import { useKeys } from "./use-keys.ts";

const KEYS: [string, TextKey][] = [["/", "help.search"], ["j k", "help.move"], ["Enter", "help.open"], ["x", "help.choose"], ["f", "help.favourite"], ["n", "help.new"], ["r", "help.refresh"], ["s", "help.sync"], ["d", "help.diff"], ["h", "help.history"], ["o", "help.operation"], ["g a", "help.applications"], ["g r", "help.repositories"], ["Esc", "help.close"], ["?", "help.help"]];

/** The keys that the page knows, and those that work everywhere. */
export function Help() {
  const t = useText();
  const [open, setOpen] = useState(false);
  useKeys({ "?": () => setOpen(true), "g a": () => go("applications"), "g r": () => go("settings/repos") });
  return (
    <>
      <UnstyledButton className="help-button" aria-label={t("help.title")} onClick={() => setOpen(true)}>
        ?
      </UnstyledButton>
      <Modal opened={open} onClose={() => setOpen(false)} title={t("help.title")} closeButtonProps={{ "aria-label": t("action.close") }}>
        <dl className="keys">
          {KEYS.map(([keys, text]) => (
            <div key={keys}>
              <dt>
                {keys.split(" ").map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dt>
              <dd>{t(text)}</dd>
            </div>
          ))}
        </dl>
      </Modal>
    </>
  );
}
