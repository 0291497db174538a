import type { KubeObject } from "@trireme/api";
import type { User } from "../server/context.ts";
import type { Store } from "../storage/store.ts";
import type { Attributes, Authorizer, Decision } from "./authorize.ts";
import { ruleAllows, type PolicyRule } from "./rules.ts";

const GROUP = "rbac.authorization.k8s.io";
const BUCKETS = { roles: `roles.${GROUP}`, clusterRoles: `clusterroles.${GROUP}`, roleBindings: `rolebindings.${GROUP}`, clusterRoleBindings: `clusterrolebindings.${GROUP}` };
const SUPERUSERS = "system:masters";

interface Grant {
  binding: KubeObject;
  subject: any;
  rules: readonly PolicyRule[];
  missing?: string;
}

interface Bindings {
  /** By subject: `User/name`, `Group/name`, `ServiceAccount/namespace/name`. */
  bySubject: Map<string, KubeObject[]>;
}

/**
 * Role-based access as kube-apiserver has it: bindings of the cluster, then of the namespace; the first rule that fits
 * allows, nothing forbids. Reads the store's own objects; the index of bindings is made anew when one changes.
 */
export class Rbac implements Authorizer {
  readonly #store: Store;
  readonly #indexes = new Map<string, Bindings>();

  constructor(store: Store) {
    this.#store = store;
    for (const bucket of [BUCKETS.roleBindings, BUCKETS.clusterRoleBindings]) store.onWrite(bucket, () => this.#indexes.clear());
  }

  decide(asked: Attributes): Decision {
    const { user } = asked;
    if (user.groups.includes(SUPERUSERS)) return { allowed: true, reason: "" };
    const problems: string[] = [];
    for (const grant of this.#grants(user, asked.isResource ? (asked.namespace ?? "") : "")) {
      if (grant.missing) problems.push(grant.missing);
      if (grant.rules.some((rule) => ruleAllows(rule, asked))) return { allowed: true, reason: `RBAC: allowed by ${bindingText(grant)}` };
    }
    return { allowed: false, reason: problems.length > 0 ? `RBAC: ${problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`}` : "" };
  }

  /** Every rule that the user has in the namespace ("" for the whole cluster only). */
  rulesFor(user: User, namespace: string): PolicyRule[] {
    const rules = user.groups.includes(SUPERUSERS) ? [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }, { verbs: ["*"], nonResourceURLs: ["*"] }] : [];
    return [...rules, ...[...this.#grants(user, namespace)].flatMap((grant) => grant.rules)];
  }

  /** The rules of a role that a binding names; `undefined` where there is none. */
  rulesOf(roleRef: { kind: string; name: string }, namespace: string): readonly PolicyRule[] | undefined {
    const role = roleRef.kind === "ClusterRole" ? this.#store.get(BUCKETS.clusterRoles, roleRef.name) : this.#store.get(BUCKETS.roles, `${namespace}/${roleRef.name}`);
    return role && ((role.object.rules as PolicyRule[] | null | undefined) ?? []);
  }

  *#grants(user: User, namespace: string): Generator<Grant> {
    const subjects = subjectsOf(user);
    for (const bucket of [BUCKETS.clusterRoleBindings, ...(namespace === "" ? [] : [BUCKETS.roleBindings])]) {
      const inNamespace = bucket === BUCKETS.roleBindings ? namespace : "";
      const index = this.#index(bucket, inNamespace);
      for (const subject of subjects) {
        for (const binding of index.bySubject.get(subject) ?? []) {
          const rules = this.rulesOf(binding.roleRef, inNamespace);
          const { kind, name } = binding.roleRef;
          yield { binding, subject: subjectOf(subject), rules: rules ?? [], ...(!rules && { missing: `${kind === "ClusterRole" ? "clusterrole" : "role"}.${GROUP} ${JSON.stringify(name)} not found` }) };
        }
      }
    }
  }

  #index(bucket: string, namespace: string): Bindings {
    const key = `${bucket}/${namespace}`;
    let index = this.#indexes.get(key);
    if (!index) {
      index = { bySubject: new Map() };
      for (const { object } of this.#store.list(bucket, namespace)) {
        for (const subject of object.subjects ?? []) {
          const who = subject.kind === "ServiceAccount" ? `ServiceAccount/${subject.namespace || namespace}/${subject.name}` : `${subject.kind}/${subject.name}`;
          const list = index.bySubject.get(who);
          if (list) list.push(object);
          else index.bySubject.set(who, [object]);
        }
      }
      this.#indexes.set(key, index);
    }
    return index;
  }
}

function subjectsOf({ name, groups }: User): string[] {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  return [`User/${name}`, ...(account ? [`ServiceAccount/${account[1]}/${account[2]}`] : []), ...groups.map((group) => `Group/${group}`)];
}

function subjectOf(text: string): string {
  const [kind, ...rest] = text.split("/");
  return kind === "ServiceAccount" ? `ServiceAccount ${JSON.stringify(`${rest[1]}/${rest[0]}`)}` : `${kind} ${JSON.stringify(rest.join("/"))}`;
}

function bindingText({ binding, subject }: Grant): string {
  const { name, namespace } = binding.metadata;
  const full = namespace ? `${name}/${namespace}` : name;
  return `${binding.kind} ${JSON.stringify(full)} of ${binding.roleRef.kind} ${JSON.stringify(binding.roleRef.name)} to ${subject}`;
}
