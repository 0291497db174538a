import { TextInput } from "@mantine/core";
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useText } from "../../i18n/text.tsx";
import { Dialog } from "../dialog.tsx";
import { ErrorNotice } from "../error-notice.tsx";
import { findCommands, type Command } from "./find.ts";
import { useCommands } from "./use-commands.ts";

/** So many of one heading. */
const MOST = 12;

/** Finds applications, pages and what can be done by a few letters; arrow keys choose, Enter goes. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useText();
  const commands = useCommands();
  const [search, setSearch] = useState("");
  const [at, setAt] = useState(0);
  const [error, setError] = useState<unknown>();
  const wanted = useDeferredValue(search);
  const found = useMemo(() => findCommands(commands, wanted, MOST), [commands, wanted]);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const chosen = Math.min(at, found.length - 1);
  useEffect(() => {
    // Newer browsers answer with a promise, which is no way to end an effect.
    void list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen, found]);
  const run = async (command: Command): Promise<void> => {
    setError(undefined);
    try {
      const done = command.run();
      if (done === undefined) return onClose();
      await done;
      onClose();
    } catch (thrown) {
      setError(thrown);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt(found.length === 0 ? 0 : (chosen + step + found.length) % found.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      // What is shown may be a few letters behind what was typed.
      const typed = wanted === search ? found : findCommands(commands, search, MOST);
      const command = typed[Math.min(at, typed.length - 1)];
      if (command === undefined) return;
      event.preventDefault();
      void run(command);
    }
  };
  return (
    <Dialog onClose={onClose} title={t("palette.open")} size="lg" centered={false} yOffset="10vh" returnFocus classNames={{ body: "palette" }}>
      <TextInput
        data-autofocus
        size="md"
        role="combobox"
        aria-label={t("palette.open")}
        aria-expanded
        aria-controls={id}
        aria-autocomplete="list"
        {...(found[chosen] !== undefined && { "aria-activedescendant": `${id}-${chosen}` })}
        placeholder={t("palette.placeholder")}
        value={search}
        onChange={(event) => (setSearch(event.currentTarget.value), setAt(0))}
        onKeyDown={onKeyDown}
        autoComplete="off"
        spellCheck={false}
      />
      <ErrorNotice error={error} />
      <span role="status" className="hidden-text">
        {search !== "" && t("palette.results", { count: found.length })}
      </span>
      <div ref={list} id={id} role="listbox" aria-label={t("palette.open")} className="palette-list">
        {found.map((command, index) => (
          <Option key={command.id} id={`${id}-${index}`} command={command} heading={command.group === found[index - 1]?.group ? undefined : command.group} isChosen={index === chosen} onRun={() => void run(command)} />
        ))}
      </div>
      {found.length === 0 && <p className="empty">{t("palette.none", { search })}</p>}
    </Dialog>
  );
}

interface OptionProps {
  id: string;
  command: Command;
  /** Of the first under it. */
  heading: string | undefined;
  isChosen: boolean;
  onRun: () => void;
}

function Option({ id, command: { group, text, about }, heading, isChosen, onRun }: OptionProps) {
  return (
    <>
      {heading !== undefined && (
        <div role="presentation" className="palette-heading">
          {heading}
        </div>
      )}
      <div id={id} role="option" aria-selected={isChosen} className="palette-option" onClick={onRun}>
        <span>{text}</span> <span className="hidden-text">{group}</span>
        {about !== undefined && <small>{about}</small>}
      </div>
    </>
  );
}
