/**
 * Order of two resourceVersions of the same kind: negative where `a` is older. They are decimal
 * numbers of any length; what is not one compares as equal to everything, so that nothing is dropped by mistake.
 */
export function compareResourceVersions(a: string | undefined, b: string | undefined): number {
  if (a === b || !isNumber(a) || !isNumber(b)) return 0;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^[1-9][0-9]*$/.test(text);
}
