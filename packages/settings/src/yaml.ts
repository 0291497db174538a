import { load } from "js-yaml";
import { SettingsError } from "./errors.ts";

const MAX_CHARS = 1_048_576;

/** A setting that is YAML inside a ConfigMap key. Empty text is `undefined`. Throws SettingsError naming key, line and column. */
export function parseYamlSetting<T>(text: string | undefined, object: string, key: string): T | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  if (text.length > MAX_CHARS) throw new SettingsError(`${object}: ${key} is longer than ${MAX_CHARS} characters`, { details: { key } });
  try {
    return (load(text) ?? undefined) as T | undefined;
  } catch (cause) {
    const mark = (cause as { mark?: { line?: number; column?: number } }).mark;
    const place = mark?.line === undefined ? "" : `, line ${mark.line + 1}`;
    throw new SettingsError(`${object}: ${key}${place} is not YAML: ${(cause as { reason?: string }).reason ?? "cannot be read"}`, { details: { key, line: mark?.line === undefined ? undefined : mark.line + 1 } });
  }
}
