import { SettingsError } from "../errors.ts";
import { fnv32a, parseBool } from "../go-strings.ts";
import { encodeBase64, secretData, type DataObject } from "../kube-data.ts";
import { REPOSITORY_FIELDS, REPO_CREDS_FIELDS, type FieldKey, type RepoCreds, type Repository } from "./types.ts";

/** A repository Secret as a Repository. Throws SettingsError naming the Secret and key that cannot be read. */
export function repositoryFromSecret(secret: DataObject): Repository {
  return { repo: "", ...read(secret, REPOSITORY_FIELDS) };
}

/** A repo-creds Secret as a template. */
export function repoCredsFromSecret(secret: DataObject): RepoCreds {
  return { url: secretData(secret)["url"] ?? "", ...read(secret, REPO_CREDS_FIELDS) };
}

/** The `data` of a Secret for this repository, over what the Secret held; unset fields lose their key. */
export function repositoryToData(repository: Repository, previous: Record<string, string> = {}): Record<string, string> {
  return write(repository as unknown as Record<string, unknown>, REPOSITORY_FIELDS, previous);
}

export function repoCredsToData(creds: RepoCreds, previous: Record<string, string> = {}): Record<string, string> {
  const data = write(creds as unknown as Record<string, unknown>, REPO_CREDS_FIELDS, previous);
  return { ...data, url: encodeBase64(creds.url) };
}

/** `repo-123`, `creds-123`: the name of the Secret that Argo CD gives this URL. */
export function secretNameFor(prefix: string, url: string, project = ""): string {
  return `${prefix}-${fnv32a(project === "" ? url : url + project)}`;
}

function read(secret: DataObject, fields: readonly FieldKey[]): Record<string, unknown> {
  const data = secretData(secret);
  const out: Record<string, unknown> = {};
  for (const { field, key, kind } of fields) {
    const text = data[key];
    if (text === undefined || text === "") continue;
    const value = kind === "text" ? text : kind === "flag" ? parseBool(text) : /^[-+]?\d+$/.test(text) ? Number(text) : undefined;
    if (value === undefined) throw new SettingsError(`secret ${secret.metadata.name}: ${key} must be ${kind === "flag" ? "true or false" : "a whole number"}`, { reason: "InvalidRepositorySecret", details: { secret: secret.metadata.name, key } });
    if (value !== false && value !== 0) out[field] = value;
  }
  return out;
}

function write(from: Record<string, unknown>, fields: readonly FieldKey[], previous: Record<string, string>): Record<string, string> {
  const data = { ...previous };
  for (const { field, key } of fields) {
    const value = from[field];
    if (value === undefined || value === "" || value === false || value === 0) delete data[key];
    else data[key] = encodeBase64(String(value));
  }
  return data;
}
