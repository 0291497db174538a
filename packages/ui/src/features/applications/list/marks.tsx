import { UnstyledButton } from "@mantine/core";
import { useText } from "../../../i18n/text.tsx";

interface Props {
  name: string;
  on: boolean;
  onToggle: () => void;
}

/** Chooses an application for what is done with several together. */
export function ChooseBox({ name, on, onToggle }: Props) {
  const t = useText();
  return (
    <label className="choose-box">
      <input type="checkbox" checked={on} onChange={onToggle} aria-label={t("bulk.choose", { name })} />
    </label>
  );
}

/** Marks an application as one of the reader's favourites. */
export function Star({ name, on, onToggle }: Props) {
  const t = useText();
  return (
    <UnstyledButton className={`star${on ? " on" : ""}`} aria-pressed={on} aria-label={t("favourite.mark", { name })} onClick={onToggle}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1.8l1.9 4 4.300.5-3.200 3 .9 4.300L8 11.500l-3.900 2.100.9-4.300-3.200-3 4.300-.5z" />
      </svg>
    </UnstyledButton>
  );
}
