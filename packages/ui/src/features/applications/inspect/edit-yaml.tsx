import { Button } from "@mantine/core";
import { useState } from "react";
import { Code } from "../../../components/code/shown.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useSubmit } from "../../../components/use-submit.ts";
import { useText } from "../../../i18n/text.tsx";
import { DiffBlock, DiffOptions } from "./differences/diff-block.tsx";
import { plainRefusal } from "./plain-refusal.ts";

/** Answer of a dry run: JSON of the object as it is and as it would be. */
export interface DryRunResult {
  before?: string;
  after?: string;
}

interface Props {
  text: string;
  label: string;
  hint: string;
  /** What is sent for an edited text; undefined where nothing was changed. Throws where the text cannot be read. */
  changeOf: (text: string) => string | undefined;
  onTry: (change: string) => Promise<DryRunResult>;
  onSave: (change: string) => Promise<void>;
  onClose: () => void;
}

/** An editor whose text is written only after the server has tried it and what would change was seen. */
export function EditYaml({ text, label, hint, changeOf, onTry, onSave, onClose }: Props) {
  const t = useText();
  const [typed, setTyped] = useState(text);
  const [tried, setTried] = useState<{ change: string; result: DryRunResult }>();
  const [unchanged, setUnchanged] = useState(false);
  const { busy, error, setError, submit } = useSubmit();
  const run = (work: () => Promise<void>) =>
    submit(() =>
      work().catch((thrown: unknown) => {
        throw plainRefusal(thrown);
      }),
    );
  const review = () =>
    run(async () => {
      const change = changeOf(typed);
      setUnchanged(change === undefined);
      if (change !== undefined) setTried({ change, result: await onTry(change) });
    });
  const save = () =>
    run(async () => {
      await onSave(tried!.change);
      onClose();
    });
  return (
    <>
      <div className="toolbar">
        {tried === undefined ? (
          <Button loading={busy} onClick={() => void review()}>
            {t("edit.review")}
          </Button>
        ) : (
          <>
            <Button loading={busy} onClick={() => void save()}>
              {t("edit.save")}
            </Button>
            <Button variant="default" disabled={busy} onClick={() => setTried(undefined)}>
              {t("edit.back")}
            </Button>
          </>
        )}
        <Button variant="default" disabled={busy} onClick={onClose}>
          {t("action.cancel")}
        </Button>
        {tried === undefined ? <span className="faint">{hint}</span> : <DiffOptions />}
      </div>
      <ErrorNotice error={error} />
      {unchanged && tried === undefined && (
        <p className="notice" role="status">
          {t("edit.unchanged")}
        </p>
      )}
      {/* The editor stays where it is, so that what was typed does too. */}
      <div className="editor" hidden={tried !== undefined}>
        <Code text={text} label={label} onChange={(now) => (setTyped(now), setUnchanged(false), setError(undefined))} />
      </div>
      {tried !== undefined && (
        <>
          <p className="notice" role="status">
            {tried.result.before === tried.result.after ? t("edit.noEffect") : t("edit.tried")}
          </p>
          <DiffBlock before={tried.result.before} after={tried.result.after} beforeLabel={t("edit.now")} afterLabel={t("edit.then")} />
        </>
      )}
    </>
  );
}
