/**
 * What a Kubernetes 1.36 API server says of itself, as data: the OpenAPI v3 schemas of its built-in kinds
 * (descriptions left out) and its aggregated discovery. A door of its own, since few readers need 290 kB.
 */
import discoveryJson from "../data/kubernetes-1.36/discovery.json" with { type: "json" };
import schemasJson from "../data/kubernetes-1.36/schemas.json" with { type: "json" };

/** `major.minor.patch` of the server that the data describes. */
export const KUBERNETES_VERSION: string = schemasJson.version;

/** Schemas by their name: `io.k8s.api.apps.v1.Deployment`. References read `#/components/schemas/<name>`. */
export const kubernetesSchemas: Readonly<Record<string, Record<string, any>>> = (schemasJson as { schemas: Record<string, Record<string, any>> }).schemas;

/** Aggregated discovery (`apidiscovery.k8s.io/v2`) of `/api` and `/apis`. */
export const kubernetesDiscovery = discoveryJson as unknown as { "/api": ApiGroupDiscoveryList; "/apis": ApiGroupDiscoveryList };

export interface ApiGroupDiscoveryList {
  kind: string;
  apiVersion: string;
  metadata: Record<string, unknown>;
  items: ApiGroupDiscovery[];
}

export interface ApiGroupDiscovery {
  /** `name` is absent for the core group. */
  metadata: { name?: string };
  versions: { version: string; freshness?: string; resources: ApiResourceDiscovery[] }[];
}

export interface ApiResourceDiscovery {
  resource: string;
  responseKind: { group: string; version: string; kind: string };
  scope: "Namespaced" | "Cluster";
  singularResource: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: { subresource: string; responseKind: { group: string; version: string; kind: string }; verbs: string[]; acceptedTypes?: { group: string; version: string; kind: string }[] }[];
}
