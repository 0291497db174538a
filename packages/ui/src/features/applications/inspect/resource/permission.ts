import type { Application } from "@trireme/api/argo";
import { applicationPermission, describe, useControlPlane, usePermissions } from "../../../../api/permissions.ts";
import { useText } from "../../../../i18n/text.tsx";
import type { Subject } from "../subject.ts";

/**
 * Why the reader may not change or delete an object of an application; undefined where it is possible, or not known. The
 * right to the one object is enough; that to the whole application may be, by the server's settings.
 */
export function useResourceObstacle(app: Application, action: "update" | "delete", { group = "", kind, namespace = "", name }: Subject): string | undefined {
  const t = useText();
  const controlPlane = useControlPlane();
  const fine = applicationPermission(app, `${action}/${group}/${kind}/${namespace}/${name}`, controlPlane);
  const answers = usePermissions([fine, applicationPermission(app, action, controlPlane)]);
  return answers.every((answer) => answer === false) ? t("permission.missing", { permission: describe(fine) }) : undefined;
}
