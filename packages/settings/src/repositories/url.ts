const SSH_URL = /^(ssh:\/\/)?([^/:]*?)@[^@]+$/;

/**
 * The form in which two repository URLs are compared: trimmed, lower case, without `.git` and
 * `ssh://`, `git@host:path` as `git@host/path`. "" for a URL that cannot be parsed.
 */
export function normalizeGitUrl(url: string): string {
  let text = url.trim().toLowerCase();
  if (SSH_URL.test(text) && !text.startsWith("ssh://")) text = `ssh://${text.replace(":", "/")}`;
  if (text.endsWith(".git")) text = text.slice(0, -".git".length);
  if (/[\u0000-\u001f\u007f]|%(?![0-9a-f]{2})|^:/.test(text)) return "";
  return text.startsWith("ssh://") ? text.slice("ssh://".length) : text;
}

/** Whether two URLs mean the same repository; an unparsable one equals only itself. */
export function sameUrl(left: string, right: string): boolean {
  const a = normalizeGitUrl(left) || left;
  const b = normalizeGitUrl(right) || right;
  return a !== "" && a === b;
}
