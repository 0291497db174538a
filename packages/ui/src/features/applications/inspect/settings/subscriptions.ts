/** Who is told of what, as notifications read it from annotations. */
export interface Subscription {
  trigger: string;
  service: string;
  /** Several stand with `;` between them. */
  recipients: string;
}

const PREFIX = "notifications.argoproj.io/subscribe.";

/** Annotations of an application, its subscriptions set apart. */
export function splitAnnotations(annotations: Readonly<Record<string, string>>): { subscriptions: Subscription[]; others: [string, string][] } {
  const subscriptions: Subscription[] = [];
  const others: [string, string][] = [];
  for (const [key, value] of Object.entries(annotations)) {
    const [trigger, service, ...more] = key.startsWith(PREFIX) ? key.slice(PREFIX.length).split(".") : [];
    if (trigger && service && more.length === 0) subscriptions.push({ trigger, service, recipients: value });
    else others.push([key, value]);
  }
  return { subscriptions, others };
}

/** Back to annotations; rows without a name are left out. */
export function joinAnnotations(subscriptions: readonly Subscription[], others: readonly [string, string][]): Record<string, string> {
  return Object.fromEntries([...others.filter(([key]) => key.trim() !== ""), ...subscriptions.filter(({ trigger, service }) => trigger !== "" && service !== "").map(({ trigger, service, recipients }): [string, string] => [`${PREFIX}${trigger}.${service}`, recipients])]);
}
