/** A version as loosely as Masterminds' library for Go reads it: `v1`, `1.2`, `1.2.3-rc.1+build`. */
export interface Version {
  original: string;
  major: number;
  minor: number;
  patch: number;
  prerelease: string;
}

const PART = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const VERSION = new RegExp(`^v?(\\d{1,15})(?:\\.(\\d{1,15}))?(?:\\.(\\d{1,15}))?(?:-(${PART}))?(?:\\+(${PART}))?$`);
const LOOSE = "v?([0-9xX*]+)(\\.[0-9xX*]+)?(\\.[0-9xX*]+)?(-" + PART + ")?(\\+" + PART + ")?";
const OPERATOR = "=||!=|>|<|>=|=>|<=|=<|~|~>|\\^";
const ONE = new RegExp(`^(${OPERATOR})\\s*${LOOSE}$`);
const EACH = new RegExp(`(?:!=|>=|=>|<=|=<|~>|=|>|<|~|\\^)?\\s*(?:${LOOSE.replaceAll("(", "(?:").replaceAll("(?:?:", "(?:")})`, "g");

const LONGEST = 512;

export function parseVersion(text: string): Version | undefined {
  const match = text.length > LONGEST ? null : VERSION.exec(text);
  if (match === null) return undefined;
  return { original: text, major: Number(match[1]), minor: Number(match[2] ?? 0), patch: Number(match[3] ?? 0), prerelease: match[4] ?? "" };
}

export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrerelease(a.prerelease, b.prerelease);
}

interface Comparison {
  operator: string;
  version: Version;
  dirty: boolean;
  minorDirty: boolean;
  patchDirty: boolean;
}

/** A constraint such as `>=1.2, <2 || ~3.1`; undefined where the text is none. */
export function parseConstraint(text: string): ((version: Version) => boolean) | undefined {
  if (text.length > LONGEST) return undefined;
  const groups: Comparison[][] = [];
  for (const alternative of text.split("||")) {
    const rewritten = alternative.replace(new RegExp(`\\s*(${LOOSE})\\s+-\\s+(${LOOSE})\\s*`, "g"), (whole) => {
      const [from = "", to = ""] = whole.trim().split(/\s+-\s+/);
      return `>= ${from}, <= ${to}`;
    });
    const rest = rewritten.replace(EACH, " ").replace(/[,\s]/g, "");
    const parts = rewritten.match(EACH)?.map((part) => part.trim()).filter((part) => part !== "") ?? [];
    if (rest !== "" || parts.length === 0) return undefined;
    const group = parts.map(parseComparison);
    if (group.some((comparison) => comparison === undefined)) return undefined;
    groups.push(group as Comparison[]);
  }
  return (version) =>
    groups.some((group) => {
      const prereleases = group.some((comparison) => comparison.version.prerelease !== "");
      return group.every((comparison) => holds(comparison, version, prereleases));
    });
}

/** The highest of the versions that fits; texts that are no version are passed over. */
export function highestMatching(versions: readonly string[], constraint: (version: Version) => boolean): Version | undefined {
  let best: Version | undefined;
  for (const text of versions) {
    const version = parseVersion(text);
    if (version !== undefined && constraint(version) && (best === undefined || compareVersions(version, best) > 0)) best = version;
  }
  return best;
}

function parseComparison(text: string): Comparison | undefined {
  const match = ONE.exec(text);
  if (match === null) return undefined;
  const [, operator = "", major = "", minor, patch, pre = ""] = match;
  const wild = (part: string | undefined): boolean => part === undefined || /^\.?[xX*]$/.test(part);
  const base = { operator, dirty: true, minorDirty: false, patchDirty: false };
  const withVersion = (numbers: string, flags: Partial<Comparison> = {}): Comparison | undefined => {
    const version = parseVersion(numbers + pre);
    return version && { ...base, ...flags, version };
  };
  if (wild(major)) return withVersion("0.0.0");
  if (wild(minor)) return withVersion(`${major}.0.0`, { minorDirty: true });
  if (wild(patch)) return withVersion(`${major}${minor}.0`, { patchDirty: true });
  return withVersion(`${major}${minor}${patch}`, { dirty: false });
}

function holds(comparison: Comparison, version: Version, prereleases: boolean): boolean {
  const { operator, version: bound, dirty, minorDirty, patchDirty } = comparison;
  if (operator === "!=" ? dirty && version.prerelease !== "" && bound.prerelease === "" && !prereleases : version.prerelease !== "" && bound.prerelease === "" && !prereleases) return false;
  const order = compareVersions(version, bound);
  switch (operator) {
    case "!=":
      if (!dirty) return order !== 0;
      if (version.major !== bound.major) return true;
      if (minorDirty) return false;
      if (version.minor !== bound.minor) return true;
      return patchDirty ? false : order !== 0;
    case ">":
      if (!dirty) return order > 0;
      if (version.major !== bound.major) return version.major > bound.major;
      if (minorDirty) return false;
      return patchDirty ? version.minor > bound.minor : order > 0;
    case "<":
      return order < 0;
    case ">=":
    case "=>":
      return order >= 0;
    case "<=":
    case "=<":
      if (!dirty) return order <= 0;
      if (version.major > bound.major) return false;
      return !(version.major === bound.major && version.minor > bound.minor && !minorDirty);
    case "~":
    case "~>":
      return tilde(comparison, version, order);
    case "^":
      if (order < 0) return false;
      if (bound.major > 0 || minorDirty) return version.major === bound.major;
      if (version.major > 0) return false;
      if (bound.minor > 0 || patchDirty) return version.minor === bound.minor;
      return version.minor === 0 && version.patch === bound.patch;
    default:
      return dirty ? tilde(comparison, version, order) : order === 0;
  }
}

function tilde({ version: bound, minorDirty, patchDirty }: Comparison, version: Version, order: number): boolean {
  if (order < 0) return false;
  if (bound.major === 0 && bound.minor === 0 && bound.patch === 0 && !minorDirty && !patchDirty) return true;
  return version.major === bound.major && (minorDirty || version.minor === bound.minor);
}

function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  const left = a.split(".");
  const right = b.split(".");
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const l = left[index];
    const r = right[index];
    if (l === r) continue;
    if (l === undefined) return -1;
    if (r === undefined) return 1;
    const numeric = [/^\d+$/.test(l), /^\d+$/.test(r)];
    if (numeric[0] && numeric[1]) return Number(l) - Number(r);
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
    return l < r ? -1 : 1;
  }
  return 0;
}
