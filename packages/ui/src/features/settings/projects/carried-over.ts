/**
 * What was changed here of `before`, made on top of what somebody else has made of it meanwhile. A field that both have
 * changed is as it is here.
 */
export function carriedOver<T extends object>(before: T, here: T, there: T): T {
  const keys = new Set([...Object.keys(before), ...Object.keys(here)]) as Set<keyof T & string>;
  const result = { ...there };
  for (const key of keys) {
    if (JSON.stringify(here[key]) === JSON.stringify(before[key])) continue;
    if (key in here) result[key] = here[key];
    else delete result[key];
  }
  return result;
}
