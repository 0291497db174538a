/**
 * One spelling for the URLs of one repository: lower case, without `.git` and a closing slash, `git@host:path`
 * as ssh. Two applications that differ only in spelling follow the same repository.
 */
export function normalizeRepoUrl(url: string): string {
  let text = url.trim().toLowerCase();
  if (text === "") return "";
  if (/^[^/@:]+@[^/:]+:/.test(text)) text = `ssh://${text.replace(":", "/")}`;
  text = text.replace(/\/+$/, "").replace(/\.git$/, "");
  return text.startsWith("ssh://") ? text.slice("ssh://".length) : text;
}

/** Whether two URLs lead to one repository, whatever their scheme and user: webhooks name others than people do. */
export function sameRepository(a: string, b: string): boolean {
  const bare = (url: string) => normalizeRepoUrl(url).replace(/^[a-z+]+:\/\//, "").replace(/^[^/@]*@/, "").replace(/^([^/]+):(22|80|443)\//, "$1/");
  return bare(a) === bare(b);
}
