import { Radio, TextInput } from "@mantine/core";
import "@mantine/core/styles/Radio.css";
import { Finalizer } from "@trireme/gitops";
import { useEffect, useState, type FormEvent } from "react";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../../api/permissions.ts";
import { ActionButton } from "../../../../components/action-button.tsx";
import { Dialog } from "../../../../components/dialog.tsx";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { FocusBack } from "../../../../components/focus-back.tsx";
import { useSubmit } from "../../../../components/use-submit.ts";
import { useText } from "../../../../i18n/text.tsx";
import { go } from "../../../../navigation.tsx";
import type { Tree } from "../../details/types.ts";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";
import { byKind } from "../by-kind.ts";
import { DeletionProgress } from "./progress.tsx";
import { useDoomed, type DoomedObject } from "./use-doomed.ts";

const WAYS = ["foreground", "background", "orphan"] as const;
type Way = (typeof WAYS)[number];
const CASCADE: readonly string[] = [Finalizer.Cascade, Finalizer.Foreground, Finalizer.Background];

interface Props {
  of: ApplicationName;
  app: Application;
  deleted: boolean;
  tree: Tree | undefined;
  onClose: () => void;
}

/** Deletes an application after its name was typed: says before what exactly goes and what stays, and after what is left. */
export default function DeleteDialog({ of, app, deleted, tree, onClose }: Props) {
  const t = useText();
  const doomed = useDoomed(of, app);
  const [asked, setAsked] = useState(false);
  const under = asked || app.metadata.deletionTimestamp !== undefined;
  useEffect(() => {
    if (deleted) go("applications");
  }, [deleted]);
  return (
    <Dialog onClose={onClose} size="lg" title={t("delete.title", { name: of.name })}>
      <FocusBack />
      {under ? <DeletionProgress app={app} doomed={doomed.data ?? []} tree={tree} onClose={onClose} /> : <Ask of={of} app={app} doomed={doomed.data} error={doomed.error} onAsked={() => setAsked(true)} />}
    </Dialog>
  );
}

function Ask({ of, app, doomed, error: unknown, onAsked }: { of: ApplicationName; app: Application; doomed: readonly DoomedObject[] | undefined; error: unknown; onAsked: () => void }) {
  const t = useText();
  const controlPlane = useControlPlane();
  // Those of the cascade are set by the choice below.
  const hooks = (app.metadata.finalizers ?? []).filter((name) => !CASCADE.includes(name));
  const [typed, setTyped] = useState("");
  const [way, setWay] = useState<Way>("foreground");
  const { busy, error, submit } = useSubmit();
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await submit(() => call("DELETE", applicationAddress(of, "", way === "orphan" ? { cascade: "false" } : { cascade: "true", propagationPolicy: way })))) onAsked();
  };
  return (
    <form onSubmit={onSubmit} className="form">
      <Radio.Group label={t("delete.how")} value={way} onChange={(value) => setWay(WAYS.find((one) => one === value) ?? "foreground")}>
        <div className="radios">
          {WAYS.map((one) => (
            <Radio key={one} size="xs" value={one} label={t(`delete.${one}`)} description={t(`delete.${one}.about`)} />
          ))}
        </div>
      </Radio.Group>
      {/* What is not known is not promised. */}
      {doomed === undefined ? <ErrorNotice error={unknown} /> : <Fate doomed={doomed} cascade={way !== "orphan"} />}
      {hooks.length > 0 && <p className="faint">{t("delete.waitsFor", { finalizers: hooks.join(", ") })}</p>}
      <TextInput label={t("delete.type", { name: of.name })} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" data-autofocus />
      <ErrorNotice error={error} />
      <ActionButton type="submit" color="red" size="sm" loading={busy} needs={applicationPermission(app, "delete", controlPlane)} disabled={typed !== of.name}>
        {t("delete.submit")}
      </ActionButton>
    </form>
  );
}

function Fate({ doomed, cascade }: { doomed: readonly DoomedObject[]; cascade: boolean }) {
  const t = useText();
  const goes = doomed.filter(({ kept }) => kept === undefined);
  const held = goes.filter(({ finalizers }) => finalizers.length > 0);
  const kept = doomed.filter((object) => object.kept !== undefined);
  if (!cascade) return <p>{t("delete.keeps", { count: doomed.length })}</p>;
  return (
    <>
      <div>
        <p>{goes.length === 0 ? t("delete.takesNone") : t("delete.takes", { count: goes.length })}</p>
        <ul className="short-list" tabIndex={0} aria-label={t("delete.goes")}>
          {byKind(goes).map(([kind, names]) => (
            <li key={kind}>
              <strong>{kind}</strong> {names.join(", ")}
            </li>
          ))}
        </ul>
      </div>
      {kept.length > 0 && (
        <div>
          <p>{t("delete.stays", { count: kept.length })}</p>
          <ul className="short-list">
            {kept.map(({ group, kind, namespace, name, kept: because }) => (
              <li key={`${group}/${kind}/${namespace}/${name}`}>
                <strong>{kind}</strong> {name} <small>{t(`delete.kept.${because!}`)}</small>
              </li>
            ))}
          </ul>
        </div>
      )}
      {held.length > 0 && <p className="faint">{t("delete.held", { names: held.map(({ kind, name, finalizers }) => `${kind} ${name} (${finalizers.join(", ")})`).join(", ") })}</p>}
      {goes.some(({ confirms }) => confirms) && <p className="notice">{t("delete.confirms", { names: goes.filter(({ confirms }) => confirms).map(({ kind, name }) => `${kind} ${name}`).join(", ") })}</p>}
    </>
  );
}
