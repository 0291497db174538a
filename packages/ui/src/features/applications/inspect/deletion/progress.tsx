import { Button, Progress } from "@mantine/core";
import "@mantine/core/styles/Progress.css";
import type { Application } from "@trireme/api/argo";
import { Ago } from "../../../../components/ago.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { objectKey } from "../../details/tree.ts";
import type { Tree } from "../../details/types.ts";
import { byKind } from "../by-kind.ts";
import type { DoomedObject } from "./use-doomed.ts";

/** What is left of an application that is being deleted, live, and what its deletion waits for. */
export function DeletionProgress({ app, doomed, tree, onClose }: { app: Application; doomed: readonly DoomedObject[]; tree: Tree | undefined; onClose: () => void }) {
  const t = useText();
  const there = new Set((tree?.nodes ?? []).map(objectKey));
  const goes = doomed.filter(({ kept }) => kept === undefined);
  const left = goes.filter((object) => there.has(objectKey(object)));
  const problem = app.status?.conditions?.find(({ type }) => type === "DeletionError");
  return (
    <div className="form">
      <p role="status">
        {t("delete.underWay")} <Ago time={app.metadata.deletionTimestamp} />
      </p>
      {goes.length > 0 && (
        <>
          <Progress value={(100 * (goes.length - left.length)) / goes.length} transitionDuration={0} aria-label={t("delete.progress", { gone: goes.length - left.length, count: goes.length })} />
          <p>{t("delete.progress", { gone: goes.length - left.length, count: goes.length })}</p>
        </>
      )}
      {left.length > 0 && (
        <ul className="short-list">
          {byKind(left).map(([kind, names]) => (
            <li key={kind}>
              <strong>{kind}</strong> {names.join(", ")}
            </li>
          ))}
        </ul>
      )}
      {problem !== undefined && (
        <p role="alert" className="notice failed">
          {problem.message}
        </p>
      )}
      {(app.metadata.finalizers ?? []).length > 0 && <p className="faint">{t("delete.waitsFor", { finalizers: app.metadata.finalizers!.join(", ") })}</p>}
      <div className="submit">
        <Button variant="default" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </div>
  );
}
