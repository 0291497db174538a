import { projectPolicy, type ProjectRoles } from "./project-policy.ts";
import { BUILTIN_POLICY } from "./builtin-policy.ts";
import { Decider, type Question } from "./decide.ts";
import { extendPolicy, parsePolicy, type MatchMode } from "./policy.ts";

/** Who asks. `id` is a local account, an SSO user or `proj:<project>:<role>`; "" for nobody. */
export interface Subject {
  id: string;
  groups?: readonly string[];
}

export interface EnforcerOptions {
  /** The installation's own policy, after the built-in one. */
  policyCsv: string;
  /** Role that everybody has, the anonymous included; "" for none. */
  defaultRole: string;
  matchMode: MatchMode;
  /** Projects bring their own roles for objects of theirs. */
  project(name: string): ProjectRoles | undefined;
}

export interface Enforcer {
  /** Throws SettingsError `InvalidPolicy` while the installation's policy cannot be read. */
  allows(subject: Subject, resource: string, action: string, object: string): boolean;
  /**
   * Whether there may be an object that the subject may do this to: what a menu asks before an object is named. It may
   * say yes where a denial leaves nothing, never no where `allows` says yes of an object of the given projects or of none.
   */
  allowsSomewhere(subject: Subject, resource: string, action: string, projects: readonly string[]): boolean;
}

/** Resources whose object starts with the project: `<project>/<object>`. */
const PROJECT_SCOPED = new Set(["applications", "applicationsets", "repositories", "clusters", "logs", "exec"]);

/**
 * Argo CD's policy semantics: the default role alone first, then the subject, then each of its groups
 * that has a role, each judged apart (a group's deny does not take what another group gives), then
 * nobody's rights. A project's own roles count for objects of that project only, and its tokens act
 * nowhere else.
 */
export function createEnforcer(options: EnforcerOptions): Enforcer {
  let base: Decider | undefined;
  let failure: unknown;
  try {
    base = new Decider(parsePolicy(options.policyCsv, options.matchMode, parsePolicy(BUILTIN_POLICY, "glob")));
  } catch (thrown) {
    failure = thrown;
  }
  const ofProject = new Map<string, { csv: string; decider: Decider }>();

  function deciderOf(project: ProjectRoles | undefined): Decider {
    if (base === undefined) throw failure;
    if (project === undefined) return base;
    const csv = projectPolicy(project);
    if (csv === "") return base;
    const known = ofProject.get(project.metadata.name);
    if (known?.csv === csv) return known.decider;
    const decider = projectDecider(csv) ?? base;
    ofProject.set(project.metadata.name, { csv, decider });
    return decider;
  }

  /** A project's broken policy takes only the project's own grants away. */
  function projectDecider(csv: string): Decider | undefined {
    try {
      const builtin = parsePolicy(BUILTIN_POLICY, "glob");
      return new Decider(parsePolicy(csv, options.matchMode, extendPolicy(parsePolicy(options.policyCsv, options.matchMode, builtin))));
    } catch {
      return undefined;
    }
  }

  const judge = (decider: Decider, name: string, question: Question) => (options.defaultRole !== "" && decider.allows(options.defaultRole, question)) || decider.allows(name, question);

  return {
    allows(subject, resource, action, object) {
      const question = { resource, action, object };
      const plain = deciderOf(undefined);
      if (options.defaultRole !== "" && plain.allows(options.defaultRole, question)) return true;

      const project = projectOf(question, options.project);
      const token = projectRoleOf(subject.id);
      if (project !== undefined && token !== undefined) {
        if (token.project === project.metadata.name && judge(deciderOf(project), subject.id, question)) return true;
      } else {
        const decider = deciderOf(project);
        if (judge(decider, subject.id, question)) return true;
        if ((subject.groups ?? []).some((group) => decider.isMember(group) && judge(decider, group, question))) return true;
      }
      return plain.allows("", question);
    },
    allowsSomewhere(subject, resource, action, projects) {
      const token = projectRoleOf(subject.id);
      const names = new Set([options.defaultRole, subject.id, ...(subject.groups ?? []), ""]);
      const deciders = new Set([deciderOf(undefined), ...projects.filter((name) => token === undefined || token.project === name).map((name) => deciderOf(options.project(name)))]);
      return [...deciders].some((decider) => [...names].some((name) => decider.allowsSomewhere(name, resource, action)));
    },
  };
}

/** `proj:<project>:<role>` taken apart; `undefined` for everybody else. */
export function projectRoleOf(id: string): { project: string; role: string } | undefined {
  const parts = id.split(":");
  return parts.length === 3 && parts[0] === "proj" ? { project: parts[1]!, role: parts[2]! } : undefined;
}

function projectOf({ resource, object }: Question, find: (name: string) => ProjectRoles | undefined): ProjectRoles | undefined {
  if (resource === "projects") return find(object);
  const slash = object.indexOf("/");
  return PROJECT_SCOPED.has(resource) && slash >= 0 ? find(object.slice(0, slash)) : undefined;
}
