/** Clients decide by `compatible` what they may ask: it is the Argo CD release whose API this service has. */
export const VERSION = { compatible: "v3.5.1+trireme", own: "0.1.0", kustomize: "v5.8.1", helm: "v4.2.1", kubectl: "v1.36.3", rollouts: "v1.9.1+trireme" } as const;
