import { displayUrl, type RepositoryAccess } from "@trireme/git";
import { parseYaml } from "@trireme/api";
import { AppError, Code } from "@trireme/runtime";
import { sha256 } from "../canonical-json.ts";
import { isRecord } from "../render/manifest-objects.ts";
import { highestMatching, parseConstraint, parseVersion, compareVersions } from "../revision/semver.ts";
import { type DownloadOptions, download } from "./http-download.ts";

export interface ChartEntry {
  version: string;
  urls: string[];
  digest: string;
}

/** Charts by name, newest version first. */
export type ChartIndex = ReadonlyMap<string, readonly ChartEntry[]>;

const INDEX_BYTES = 256 * 1024 * 1024;
const CHART_BYTES = 128 * 1024 * 1024;

/** Reads `index.yaml` of a chart repository. */
export async function readChartIndex(access: RepositoryAccess, timeoutMs: number, signal?: AbortSignal): Promise<ChartIndex> {
  const url = `${access.url.trim().replace(/\/+$/, "")}/index.yaml`;
  const answer = await download(url, options(access, INDEX_BYTES, timeoutMs, signal));
  if (answer.status !== 200) throw refused(url, answer.status, answer.body);
  const text = answer.body.toString("utf8");
  const index: unknown = text.trimStart().startsWith("{") ? JSON.parse(text) : parseYaml(text, displayUrl(url), { maxLength: INDEX_BYTES, maxNodes: 20_000_000 });
  const entries = isRecord(index) && isRecord(index["entries"]) ? index["entries"] : undefined;
  if (entries === undefined) throw new AppError(`${displayUrl(url)} is not a chart repository's index`, { reason: "ChartIndexInvalid", code: Code.FailedPrecondition, retry: "never" });
  return new Map(Object.entries(entries).map(([name, versions]) => [name, (Array.isArray(versions) ? versions : []).flatMap(chartEntry)]));
}

function chartEntry(value: unknown): ChartEntry[] {
  if (!isRecord(value) || typeof value["version"] !== "string") return [];
  const urls = Array.isArray(value["urls"]) ? value["urls"].filter((url): url is string => typeof url === "string") : [];
  return [{ version: value["version"], urls, digest: typeof value["digest"] === "string" ? value["digest"] : "" }];
}

/** The exact version that a target means: itself, or the highest in its range. @throws AppError RevisionNotFound. */
export function resolveChartVersion(index: ChartIndex, chart: string, target: string, url: string): ChartEntry {
  const entries = index.get(chart);
  if (entries === undefined) throw new AppError(`chart '${chart}' not found in ${displayUrl(url)}`, { reason: "RevisionNotFound", code: Code.Unknown, retry: "later" });
  const exact = entries.find(({ version }) => version === target) ?? (parseVersion(target) === undefined ? undefined : entries.find(({ version }) => sameVersion(version, target)));
  if (exact !== undefined) return exact;
  const constraint = parseVersion(target) === undefined ? parseConstraint(target) : undefined;
  const best = constraint && highestMatching(entries.map(({ version }) => version), constraint);
  const found = best && entries.find(({ version }) => version === best.original);
  if (found === undefined) throw new AppError(`unable to resolve '${target}' to a version of chart '${chart}' in ${displayUrl(url)}`, { reason: "RevisionNotFound", code: Code.Unknown, retry: "later" });
  return found;
}

/** Downloads a chart and checks it against the index' digest. */
export async function downloadChart(access: RepositoryAccess, entry: ChartEntry, passCredentials: boolean, timeoutMs: number, signal?: AbortSignal): Promise<Buffer> {
  const base = `${access.url.trim().replace(/\/+$/, "")}/`;
  const [first] = entry.urls;
  if (first === undefined) throw new AppError(`${displayUrl(access.url)} has no address for version ${entry.version}`, { reason: "ChartIndexInvalid", code: Code.FailedPrecondition, retry: "never" });
  const url = new URL(first, base).href;
  const answer = await download(url, { ...options(access, CHART_BYTES, timeoutMs, signal), passCredentials });
  if (answer.status !== 200) throw refused(url, answer.status, answer.body);
  if (entry.digest !== "" && sha256(answer.body) !== entry.digest.replace(/^sha256:/, "").toLowerCase()) throw new AppError(`${displayUrl(url)} is not what the index promises: its digest is another`, { reason: "ChartInvalid", code: Code.DataLoss, retry: "later" });
  return answer.body;
}

/** What is no version stands last, in its own order. */
export function newestFirst(versions: readonly string[]): string[] {
  const parsed = versions.map((text) => ({ text, version: parseVersion(text) }));
  return parsed.sort(({ version: a }, { version: b }) => (a === undefined || b === undefined ? Number(a === undefined) - Number(b === undefined) : compareVersions(b, a))).map(({ text }) => text);
}

function sameVersion(a: string, b: string): boolean {
  return a.replace(/^v/, "") === b.replace(/^v/, "");
}

function options(access: RepositoryAccess, maxBytes: number, timeoutMs: number, signal: AbortSignal | undefined): DownloadOptions {
  return { access, maxBytes, timeoutMs, ...(signal && { signal }) };
}

function refused(url: string, status: number, body: Buffer): AppError {
  const said = body.toString("utf8", 0, 300).trim();
  const code = status === 401 ? Code.Unauthenticated : status === 403 ? Code.PermissionDenied : status === 404 ? Code.NotFound : Code.Unavailable;
  return new AppError(`${displayUrl(url)} answers ${status}${said === "" || said.startsWith("<") ? "" : `: ${said}`}`, { reason: "ChartRepositoryError", code, retry: code === Code.Unavailable ? "later" : "never", details: { url: displayUrl(url), status } });
}
