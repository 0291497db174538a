import { Button, CloseButton, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { AppProject, ProjectRole } from "@trireme/api/argo";
import { permission } from "../../../api/permissions.ts";
import { useText } from "../../../i18n/text.tsx";
import { Tokens } from "../tokens.tsx";
import { useProjectChanges } from "./use-projects.ts";

interface Props {
  project: AppProject;
  roles: readonly ProjectRole[];
  readOnly: boolean;
  onChange: (roles: ProjectRole[]) => void;
}

/** Roles of a project: who has them, what they may do, and their tokens. */
export function ProjectRoles({ project, roles, readOnly, onChange }: Props) {
  const t = useText();
  const change = (index: number, changes: Partial<ProjectRole>): void => onChange(roles.map((role, at) => (at === index ? { ...role, ...changes } : role)));
  return (
    <fieldset data-rows="roles">
      <legend>{t("roles.title")}</legend>
      {roles.length === 0 && <p className="faint">{t("roles.none")}</p>}
      {roles.map((role, index) => (
        <div key={index} className="role-editor" data-role={role.name}>
          <div className="editor-row">
            <div className="editor-fields">
              <TextInput label={t("roles.name")} value={role.name} readOnly={readOnly} onChange={(event) => change(index, { name: event.currentTarget.value })} />
              <TextInput label={t("project.description")} value={role.description ?? ""} readOnly={readOnly} onChange={(event) => change(index, { description: event.currentTarget.value })} />
              <TagsInput className="wide" label={t("roles.groups")} description={t("roles.groups.about")} value={role.groups ?? []} readOnly={readOnly} onChange={(groups) => change(index, { groups })} comboboxProps={{ transitionProps: { duration: 0 } }} />
              <Textarea className="wide mono" label={t("roles.policies")} description={t("roles.policies.about")} rows={Math.max(3, (role.policies ?? []).length + 1)} spellCheck={false} readOnly={readOnly} placeholder={`p, proj:${project.metadata.name}:${role.name || "ci"}, applications, sync, ${project.metadata.name}/*, allow`} defaultValue={(role.policies ?? []).join("\n")} onBlur={(event) => change(index, { policies: linesOf(event.currentTarget.value) })} />
            </div>
            {!readOnly && <CloseButton aria-label={t("rows.remove", { what: t("roles.title"), number: index + 1 })} onClick={() => onChange(roles.filter((_, at) => at !== index))} />}
          </div>
        </div>
      ))}
      {!readOnly && (
        <div>
          <Button variant="default" onClick={() => onChange([...roles, { name: "" }])} aria-label={t("rows.addTo", { what: t("roles.title") })}>
            {t("rows.add")}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

/** Tokens of the roles as they are saved: made and revoked at once. */
export function RoleTokens({ project, blocked }: { project: AppProject; blocked: string | undefined }) {
  const t = useText();
  const { createToken, deleteToken } = useProjectChanges();
  const name = project.metadata.name ?? "";
  const roles = project.spec.roles ?? [];
  if (roles.length === 0) return null;
  return (
    <>
      {roles.map((role) => (
        <section key={role.name} className="panel" aria-labelledby={`tokens-${role.name}`} data-tokens={role.name}>
          <h2 id={`tokens-${role.name}`}>{t("roles.tokens", { role: role.name })}</h2>
          <Tokens
            tokens={(project.status?.jwtTokensByRole?.[role.name]?.items ?? role.jwtTokens ?? []).map(({ id, iat, exp }) => ({ id: id || String(iat), issuedAt: Number(iat), ...(exp !== undefined && { expiresAt: Number(exp) }) }))}
            needs={[permission("projects", "update", name)]}
            blocked={blocked}
            onCreate={(id, expiresIn) => createToken(name, role.name, id, expiresIn)}
            onDelete={(token) => deleteToken(name, role.name, token)}
          />
        </section>
      ))}
    </>
  );
}

function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}
