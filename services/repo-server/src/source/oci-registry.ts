import { accessFingerprint, displayUrl, type RepositoryAccess } from "@trireme/git";
import { AppError, Code, withDeadline } from "@trireme/runtime";
import { sha256 } from "../canonical-json.ts";
import { isRecord } from "../render/manifest-objects.ts";
import { highestMatching, parseConstraint, parseVersion } from "../revision/semver.ts";
import { type Download, download } from "./http-download.ts";

const CHART_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const MANIFESTS = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
/** All answers of one list of tags together. */
const MOST_TAGS = 50_000;
const PATIENCE = 4;
const ANSWER_BYTES = 16 * 1024 * 1024;
const TOKEN_MS = 60_000;

export function isOci(access: RepositoryAccess): boolean {
  return access.enableOci === true || access.type === "oci" || access.url.startsWith("oci://");
}

/** Charts in OCI registries. Tokens that a registry gives are kept for a minute. */
export class OciRegistry {
  readonly #timeoutMs: number;
  readonly #tokens = new Map<string, { token: string; until: number }>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** The tag that a target means: itself, or the highest version in its range. @throws AppError RevisionNotFound. */
  async resolve(access: RepositoryAccess, chart: string, target: string, signal?: AbortSignal): Promise<string> {
    if (parseVersion(target) !== undefined) return target;
    const constraint = parseConstraint(target);
    const versions = constraint === undefined ? [] : await this.versions(access, chart, signal);
    const best = constraint && highestMatching(versions, constraint);
    if (best === undefined) throw new AppError(`unable to resolve '${target}' to a version of chart '${chart}' in ${displayUrl(access.url)}`, { reason: "RevisionNotFound", code: Code.Unknown, retry: "later" });
    return best.original;
  }

  /** Every tag of a chart, in the registry's order and as a version is written. An empty chart: the URL is the artefact's own. Whole or not at all. */
  async versions(access: RepositoryAccess, chart: string, signal?: AbortSignal): Promise<string[]> {
    const tags = await withDeadline(`the list of tags of ${shown(access, chart)}`, PATIENCE * this.#timeoutMs, (deadline) => this.#tags(access, chart, deadline), signal);
    // A registry's tags cannot hold a plus sign.
    return tags.map((tag) => tag.replaceAll("_", "+"));
  }

  async #tags(access: RepositoryAccess, chart: string, signal: AbortSignal): Promise<string[]> {
    const tags: string[] = [];
    const asked = new Set<string>();
    for (let at: string | undefined = `${nameOf(access, chart)}/tags/list?n=1000`; at !== undefined; ) {
      asked.add(at);
      const answer: Download = await this.#get(access, chart, at, {}, ANSWER_BYTES, signal);
      const list = json(answer, at)["tags"];
      if (Array.isArray(list)) tags.push(...list.filter((tag): tag is string => typeof tag === "string"));
      if (tags.length > MOST_TAGS) throw new AppError(`${shown(access, chart)} has more than ${MOST_TAGS} tags`, { reason: "DownloadTooLarge", code: Code.ResourceExhausted, retry: "never" });
      const next: string | undefined = /<([^>]+)>;\s*rel="?next"?/.exec(String(answer.headers["link"] ?? ""))?.[1];
      if (next === undefined) return tags;
      at = nextPage(next, at, asked);
    }
    return tags;
  }

  /** A chart's digest at a version, as the registry's manifest names it, and the way to fetch it. */
  async chart(access: RepositoryAccess, chart: string, version: string, maxBytes: number, signal?: AbortSignal): Promise<{ digest: string; fetch: () => Promise<Buffer> }> {
    const base = nameOf(access, chart);
    const at = `${base}/manifests/${encodeURIComponent(version.replaceAll("+", "_"))}`;
    const layers = json(await this.#get(access, chart, at, { accept: MANIFESTS }, ANSWER_BYTES, signal), at)["layers"];
    const layer: unknown = Array.isArray(layers) ? layers.find((one) => isRecord(one) && one["mediaType"] === CHART_LAYER) : undefined;
    const digest = isRecord(layer) ? String(layer["digest"]) : "";
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new AppError(`${shown(access, chart)}:${version} holds no Helm chart`, { reason: "ChartInvalid", code: Code.InvalidArgument, retry: "never" });
    const fetch = async (): Promise<Buffer> => {
      const { body } = await this.#get(access, chart, `${base}/blobs/${digest}`, {}, maxBytes, signal);
      if (`sha256:${sha256(body)}` !== digest) throw new AppError(`${shown(access, chart)}:${version} is not what its manifest promises: its digest is another`, { reason: "ChartInvalid", code: Code.DataLoss, retry: "later" });
      return body;
    };
    return { digest, fetch };
  }

  /** Signs in; whether a chart may be read is only told when one is asked for. */
  async test(access: RepositoryAccess, signal?: AbortSignal): Promise<void> {
    const root = new URL(nameOf(access, "x")).origin;
    await this.#get(access, "", `${root}/v2/`, {}, ANSWER_BYTES, signal);
  }

  async #get(access: RepositoryAccess, chart: string, url: string, headers: Record<string, string>, maxBytes: number, signal: AbortSignal | undefined): Promise<Download> {
    const key = `${accessFingerprint(access)} ${chart}`;
    const ask = (token: string | undefined): Promise<Download> => download(url, { access: { ...access, url }, maxBytes, timeoutMs: this.#timeoutMs, headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }, ...(signal && { signal }) });
    const known = this.#tokens.get(key);
    let answer = await ask(known !== undefined && known.until > Date.now() ? known.token : undefined);
    if (answer.status === 401) {
      const token = await this.#token(access, String(answer.headers["www-authenticate"] ?? ""), signal);
      if (token !== undefined) {
        this.#tokens.set(key, { token, until: Date.now() + TOKEN_MS });
        if (this.#tokens.size > 1000) this.#tokens.delete(this.#tokens.keys().next().value!);
        answer = await ask(token);
      }
    }
    if (answer.status !== 200) throw refused(access, chart, answer);
    return answer;
  }

  /** What the registry's own sign-in gives for the credentials, or for nobody. */
  async #token(access: RepositoryAccess, challenge: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    const field = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
    const realm = field("realm");
    if (!/^bearer /i.test(challenge) || realm === undefined || !URL.canParse(realm) || !/^https?:/.test(realm)) return undefined;
    const url = new URL(realm);
    for (const name of ["service", "scope"]) {
      const value = field(name);
      if (value !== undefined) url.searchParams.set(name, value);
    }
    // Credentials leave for the realm only over TLS, or within this machine.
    const safe = url.protocol === "https:" || isLoopback(url.hostname);
    const answer = await download(url.href, { access: safe ? { ...access, url: url.href } : { url: url.href }, maxBytes: ANSWER_BYTES, timeoutMs: this.#timeoutMs, ...(signal && { signal }) });
    if (answer.status !== 200) throw new AppError(`${displayUrl(access.url)}: sign-in at ${url.host} answers ${answer.status}`, { reason: "ChartRepositoryError", code: Code.Unauthenticated, retry: "never" });
    const { token, access_token: other } = json(answer, url.href);
    return typeof token === "string" ? token : typeof other === "string" ? other : undefined;
  }
}

/** Where a list goes on: with the same registry, which alone may have the credentials, and never where it was already. */
function nextPage(link: string, from: string, asked: ReadonlySet<string>): string {
  const next = URL.canParse(link, from) ? new URL(link, from) : undefined;
  if (next?.origin === new URL(from).origin && !asked.has(next.href)) return next.href;
  throw new AppError(`${displayUrl(from)}: the list of tags goes on at ${displayUrl(next?.href ?? link)}, which is not followed`, { reason: "ChartRepositoryError", code: Code.Unavailable, retry: "later" });
}

/** `https://<registry>/v2/<path>/<chart>`; plain text within this machine. */
function nameOf(access: RepositoryAccess, chart: string): string {
  const text = shown(access, chart);
  if (!/^[\w.-]+(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/.test(text)) throw new AppError(`${displayUrl(access.url)}: ${text} is not a name in an OCI registry`, { reason: "InvalidRepositoryURL", code: Code.InvalidArgument, retry: "never" });
  const slash = text.indexOf("/");
  const host = text.slice(0, slash);
  return `${isLoopback(host.replace(/:\d+$/, "")) ? "http" : "https"}://${host}/v2/${text.slice(slash + 1)}`;
}

function shown(access: RepositoryAccess, chart: string): string {
  const path = access.url.trim().replace(/^[a-z]+:\/\//i, "").replace(/\/+$/, "");
  return chart === "" ? path : `${path}/${chart}`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\./.test(host);
}

function json(answer: Download, url: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(answer.body.toString("utf8"));
    if (isRecord(value)) return value;
  } catch {
    // Said below.
  }
  throw new AppError(`${displayUrl(url)} does not answer as an OCI registry`, { reason: "ChartRepositoryError", code: Code.Unavailable, retry: "later" });
}

function refused(access: RepositoryAccess, chart: string, answer: Download): AppError {
  const said = /"message"\s*:\s*"([^"]{1,300})"/.exec(answer.body.toString("utf8", 0, 4000))?.[1] ?? "";
  const code = answer.status === 401 ? Code.Unauthenticated : answer.status === 403 ? Code.PermissionDenied : answer.status === 404 ? Code.NotFound : Code.Unavailable;
  return new AppError(`${shown(access, chart)}: the registry answers ${answer.status}${said === "" ? "" : `: ${said}`}`, { reason: "ChartRepositoryError", code, retry: code === Code.Unavailable ? "later" : "never", details: { status: answer.status } });
}
