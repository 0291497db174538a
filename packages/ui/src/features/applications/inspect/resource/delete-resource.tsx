import { Radio, TextInput } from "@mantine/core";
import "@mantine/core/styles/Radio.css";
import { isAutomated } from "@trireme/gitops";
import { useState, type FormEvent } from "react";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { ActionButton } from "../../../../components/action-button.tsx";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { objectKey } from "../../details/tree.ts";
import type { Tree } from "../../details/types.ts";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";
import { byKind } from "../by-kind.ts";
import { descendants, objectParameters, type Subject } from "../subject.ts";
import { useResourceObstacle } from "./permission.ts";

const WAYS = ["foreground", "force", "orphan"] as const;
const ASKED: Record<(typeof WAYS)[number], Record<string, string>> = { foreground: {}, force: { force: "true" }, orphan: { orphan: "true" } };

/** Deletes one object after its name was typed; says what goes with it and what comes back. */
export function DeleteResource({ of, app, subject, tree }: { of: ApplicationName; app: Application; subject: Subject; tree: Tree }) {
  const t = useText();
  const [way, setWay] = useState<(typeof WAYS)[number]>("foreground");
  const [typed, setTyped] = useState("");
  const [state, setState] = useState<"asked" | undefined>();
  const [error, setError] = useState<unknown>();
  const obstacle = useResourceObstacle(app, "delete", subject);
  const below = descendants(tree, objectKey(subject));
  const comesBack = subject.declared !== undefined && subject.declared.requiresPruning !== true && isAutomated(app.spec.syncPolicy) && app.spec.syncPolicy?.automated?.selfHeal === true;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setError(undefined);
    setState("asked");
    try {
      await call("DELETE", applicationAddress(of, "/resource", { ...objectParameters(subject), ...ASKED[way] }));
    } catch (thrown) {
      setError(thrown);
      setState(undefined);
    }
  };
  return (
    <form className="form" onSubmit={submit}>
      <Radio.Group label={t("deleteObject.how")} value={way} onChange={(value) => setWay(WAYS.find((one) => one === value) ?? "foreground")}>
        <div className="radios">
          {WAYS.map((one) => (
            <Radio key={one} size="xs" value={one} label={t(`deleteObject.${one}`)} description={t(`deleteObject.${one}.about`)} />
          ))}
        </div>
      </Radio.Group>
      {below.length > 0 && (
        <div>
          <p>{way === "orphan" ? t("deleteObject.keeps", { count: below.length }) : t("deleteObject.takes", { count: below.length })}</p>
          <ul className="short-list">
            {byKind(below).map(([kind, names]) => (
              <li key={kind}>
                {kind}: {names.join(", ")}
              </li>
            ))}
          </ul>
        </div>
      )}
      {comesBack && <p className="notice">{t("deleteObject.comesBack")}</p>}
      <TextInput label={t("delete.type", { name: subject.name })} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" />
      <ErrorNotice error={error} />
      {state === "asked" && (
        <p className="notice" role="status">
          {t("deleteObject.underWay")}
        </p>
      )}
      <div className="submit">
        <ActionButton type="submit" color="red" size="sm" blocked={obstacle} disabled={typed !== subject.name || state === "asked"}>
          {t("delete.submit")}
        </ActionButton>
      </div>
    </form>
  );
}
