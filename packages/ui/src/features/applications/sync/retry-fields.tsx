import { NumberInput, TextInput } from "@mantine/core";
import "@mantine/core/styles/NumberInput.css";
import type { Application } from "@trireme/api/argo";
import { useText } from "../../../i18n/text.tsx";

export type Retry = NonNullable<NonNullable<Application["spec"]["syncPolicy"]>["retry"]>;

interface Props {
  retry: Retry;
  onChange: (changes: { limit?: number; backoff?: { duration?: string; factor?: number; maxDuration?: string } }) => void;
}

/** How often a failed sync is tried again, and how long is waited before each time. */
export function RetryFields({ retry: { limit, backoff }, onChange }: Props) {
  const t = useText();
  return (
    <div className="retry-fields">
      <NumberInput label={t("sync.retry.limit")} description={t("sync.retry.limit.about")} value={limit ?? ""} min={-1} allowDecimal={false} onChange={(value) => value !== "" && onChange({ limit: Number(value) })} />
      <TextInput label={t("sync.retry.duration")} value={backoff?.duration ?? ""} onChange={(event) => onChange({ backoff: { duration: event.currentTarget.value } })} autoComplete="off" />
      <NumberInput label={t("sync.retry.factor")} value={backoff?.factor ?? ""} min={1} allowDecimal={false} onChange={(value) => value !== "" && onChange({ backoff: { factor: Number(value) } })} />
      <TextInput label={t("sync.retry.maxDuration")} value={backoff?.maxDuration ?? ""} onChange={(event) => onChange({ backoff: { maxDuration: event.currentTarget.value } })} autoComplete="off" />
    </div>
  );
}
