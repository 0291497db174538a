import type { KeyboardEvent, ReactNode } from "react";

interface Props<T extends string> {
  label: string;
  tabs: readonly { id: T; text: string; note?: ReactNode }[];
  chosen: T;
  onChoose: (id: T) => void;
}

/** Tabs as screen readers know them: one of them takes the focus, arrows go to the others. What is shown below has the id `panel-<id>`. */
export function Tabs<T extends string>({ label, tabs, chosen, onChoose }: Props<T>) {
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === chosen);
    const next = tabs[(at + step + tabs.length) % tabs.length]!;
    onChoose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className="tabs" onKeyDown={move}>
      {tabs.map(({ id, text, note }) => (
        <button key={id} type="button" role="tab" id={`tab-${id}`} aria-selected={id === chosen} aria-controls={`panel-${id}`} tabIndex={id === chosen ? 0 : -1} onClick={() => onChoose(id)}>
          {text}
          {note}
        </button>
      ))}
    </div>
  );
}

/** What belongs to a tab. */
export function TabPanel({ id, children }: { id: string; children: ReactNode }) {
  return (
    <div role="tabpanel" id={`panel-${id}`} aria-labelledby={`tab-${id}`} className="tab-panel">
      {children}
    </div>
  );
}
