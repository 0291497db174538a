/** An answer of the real server that the embedded cluster does not give word for word. */
interface AcceptedDifference {
  /** `chapter: call` */
  call: string;
  why: string;
}

/** All of them. None is about what apply, watch, deletion or defaulting do. */
export const acceptedDifferences: readonly AcceptedDifference[] = [
  { call: "patches: apply of YAML that is none", why: "the two YAML parsers have words of their own for a syntax error" },
  { call: "workloads: another template", why: "the message prints the template as Go's internal structure" },
  { call: "pods: another command", why: "the message ends with a diff of Go's internal structures" },
  { call: "access: what may I", why: "a real server lists rules in an order of chance" },
];

/** The embedded cluster says so where it stores what it does not enforce; a real server has nothing to say there. */
export const OWN_WARNING = /is stored, but not enforced by the embedded cluster/;

/** What stays the same where words may differ. */
export function outlineOf(answer: any): unknown {
  return { code: answer?.code, kind: answer?.body?.kind, reason: answer?.body?.reason };
}
