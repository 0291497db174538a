import { parseApiVersion, type KubeObject, type ObjectKey, type OwnerReference } from "@trireme/api";

export interface Parent extends ObjectKey {
  version: string;
  uid: string;
}

/**
 * Whom an object belongs to: its owner references, and owners that Kubernetes only implies (the Service of its
 * Endpoints, the StatefulSet of a claim, the ServiceAccount of a token). Their namespace is the object's own.
 */
export function parentsOf(object: KubeObject, implied: { statefulSetsIn(namespace: string): readonly KubeObject[] }): Parent[] {
  const namespace = object.metadata.namespace ?? "";
  const owners = (object.metadata.ownerReferences ?? []).map((owner) => fromReference(owner, namespace));
  const { group } = parseApiVersion(object.apiVersion);
  const name = object.metadata.name ?? "";
  if (group === "" && object.kind === "Endpoints" && owners.length === 0) owners.push({ group: "", version: "v1", kind: "Service", namespace, name, uid: "" });
  if (group === "" && object.kind === "Secret" && object.type === "kubernetes.io/service-account-token") {
    const account = object.metadata.annotations?.["kubernetes.io/service-account.name"];
    const uid = object.metadata.annotations?.["kubernetes.io/service-account.uid"];
    if (account !== undefined && uid !== undefined) owners.push({ group: "", version: "v1", kind: "ServiceAccount", namespace, name: account, uid });
  }
  if (group === "" && object.kind === "PersistentVolumeClaim") {
    const owner = implied.statefulSetsIn(namespace).find((set) => claimOf(set, name));
    if (owner !== undefined) owners.push({ group: "apps", version: "v1", kind: "StatefulSet", namespace, name: owner.metadata.name ?? "", uid: owner.metadata.uid ?? "" });
  }
  return owners;
}

function fromReference(owner: OwnerReference, namespace: string): Parent {
  return { ...parseApiVersion(owner.apiVersion), kind: owner.kind, namespace, name: owner.name, uid: owner.uid };
}

function claimOf(set: KubeObject, claim: string): boolean {
  const templates = set.spec?.volumeClaimTemplates;
  if (!Array.isArray(templates)) return false;
  return templates.some((template) => {
    const prefix = `${template?.metadata?.name}-${set.metadata.name}-`;
    return claim.startsWith(prefix) && /^\d+$/.test(claim.slice(prefix.length));
  });
}
