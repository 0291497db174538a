/** The fields of the form. */
export interface ApplicationForm {
  name: string;
  project: string;
  repoURL: string;
  revision: string;
  path: string;
  /** Name or address. */
  cluster: string;
  namespace: string;
  automated: boolean;
  prune: boolean;
  selfHeal: boolean;
  createNamespace: boolean;
}

export const EMPTY: ApplicationForm = { name: "", project: "default", repoURL: "", revision: "HEAD", path: "", cluster: "https://kubernetes.default.svc", namespace: "", automated: false, prune: false, selfHeal: false, createNamespace: true };

/** The Application that the form describes. */
export function applicationOf(form: ApplicationForm) {
  const { name, project, repoURL, revision, path, cluster, namespace, automated, prune, selfHeal, createNamespace } = form;
  const policy = { ...(automated && { automated: { prune, selfHeal } }), ...(createNamespace && { syncOptions: ["CreateNamespace=true"] }) };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name },
    spec: {
      project,
      source: { repoURL, path: path === "" ? "." : path, targetRevision: revision === "" ? "HEAD" : revision },
      destination: { ...(/^https?:\/\//.test(cluster) ? { server: cluster } : { name: cluster }), namespace },
      ...(Object.keys(policy).length > 0 && { syncPolicy: policy }),
    },
  };
}
