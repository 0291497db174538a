import { mergePatch } from "@trireme/gitops";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { address, call } from "../../../../api/client.ts";
import { parseYaml, withoutManagedFields, yamlOfJson } from "../../../../components/code/yaml.ts";
import { useText } from "../../../../i18n/text.tsx";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";
import { EditYaml } from "../edit-yaml.tsx";
import { objectParameters, type Subject } from "../subject.ts";

const PATCH_TYPE = "application/merge-patch+json";

/** The live object in an editor. What was changed is tried by the cluster, shown, and only then written. */
export function EditResource({ of, subject, live, onClose }: { of: ApplicationName; subject: Subject; live: string; onClose: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  // What others write meanwhile does not move what is being edited; only what was changed here is sent.
  const basis = useMemo(() => live, []);
  const before = useMemo(() => withoutManagedFields(JSON.parse(basis) as object), [basis]);
  const patchOf = (text: string): string | undefined => {
    const patch = mergePatch(before, parseYaml(text));
    return patch === undefined ? undefined : JSON.stringify(patch);
  };
  return (
    <EditYaml
      text={yamlOfJson(basis)}
      label={t("manifest.liveOf", { name: subject.name })}
      hint={subject.kind === "Secret" && subject.group === "" ? t("edit.secretHint") : t("edit.resourceHint")}
      changeOf={patchOf}
      onTry={(patch) => call("POST", applicationAddress(of, "/resource/dry-run", {}, "api/trireme/v1"), { ...objectParameters(subject), patchType: PATCH_TYPE, patch })}
      onSave={async (patch) => {
        await call("POST", address(applicationAddress(of, "/resource", { ...objectParameters(subject), patchType: PATCH_TYPE })), patch);
        await queries.invalidateQueries({ queryKey: ["resource", of.namespace, of.name] });
      }}
      onClose={onClose}
    />
  );
}
