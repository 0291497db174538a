import type { Policy, Rule } from "./policy.ts";

/** How deep memberships of memberships are followed. */
const MAX_DEPTH = 10;

/** What is asked: may the subject do this to that? */
export interface Question {
  resource: string;
  action: string;
  object: string;
}

/**
 * Answers questions about single subjects over one policy: some rule of the subject or of a role it
 * (indirectly) has allows, and none denies. Rules of a subject are gathered once.
 */
export class Decider {
  private readonly policy: Policy;
  private readonly gathered = new Map<string, readonly Rule[]>();
  private readonly answers = new Map<string, boolean>();

  constructor(policy: Policy) {
    this.policy = policy;
  }

  allows(subject: string, question: Question): boolean {
    const key = `${subject}\n${question.resource}\n${question.action}\n${question.object}`;
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = this.evaluate(subject, question);
    if (this.answers.size >= 20_000) this.answers.clear();
    this.answers.set(key, answer);
    return answer;
  }

  /** Whether some rule allows it for some object, and none denies it for all. Denials of single objects are not weighed. */
  allowsSomewhere(subject: string, resource: string, action: string): boolean {
    const rules = this.rulesOf(subject).filter((rule) => rule.resource(resource) && rule.action(action));
    return rules.some(({ deny }) => !deny) && !rules.some((rule) => rule.deny && (rule.object("*") || rule.object("*/*")));
  }

  /** Whether anybody gave this name a role: groups without one are never looked at. */
  isMember(name: string): boolean {
    return this.policy.members.has(name);
  }

  private evaluate(subject: string, { resource, action, object }: Question): boolean {
    let allowed = false;
    for (const rule of this.rulesOf(subject)) {
      if (!rule.deny && allowed) continue;
      if (!rule.resource(resource) || !rule.action(action) || !rule.object(object)) continue;
      if (rule.deny) return false;
      allowed = true;
    }
    return allowed;
  }

  private rulesOf(subject: string): readonly Rule[] {
    const known = this.gathered.get(subject);
    if (known !== undefined) return known;
    const names = new Set([subject]);
    let edge = [subject];
    for (let depth = 0; depth < MAX_DEPTH && edge.length > 0; depth++) {
      edge = edge.flatMap((name) => this.policy.members.get(name) ?? []).filter((name) => !names.has(name));
      for (const name of edge) names.add(name);
    }
    const rules = [...names].flatMap((name) => this.policy.rules.get(name) ?? []);
    if (this.gathered.size >= 10_000) this.gathered.clear();
    this.gathered.set(subject, rules);
    return rules;
  }
}
