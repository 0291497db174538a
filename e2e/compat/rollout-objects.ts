/** What the story of the plugin deploys, as JSON that any reader of YAML takes. */
export const REGISTRY = "registry.example.com";

const template = (name: string, image: string) => ({ metadata: { labels: { app: name } }, spec: { containers: [{ name: "web", image: `${REGISTRY}/${image}`, ports: [{ containerPort: 8080 }] }] } });

function rollout(name: string, replicas: number, image: string, strategy: object): object {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name }, spec: { replicas, revisionHistoryLimit: 5, selector: { matchLabels: { app: name } }, template: template(name, image), strategy } };
}

export const canary = (name: string): object => rollout(name, 4, "web:1", { canary: { maxSurge: 1, maxUnavailable: 0, steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }] } });

export const blueGreen = (name: string, more: object = {}): object => rollout(name, 2, "web:1", { blueGreen: { activeService: `${name}-active`, previewService: `${name}-preview`, autoPromotionEnabled: false, ...more } });

export const service = (name: string, app: string): object => ({ apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] } });

const job = (script: string): object => ({ spec: { backoffLimit: 0, template: { spec: { restartPolicy: "Never", containers: [{ name: "probe", image: `${REGISTRY}/probe:1`, command: ["sh", "-c", script] }] } } } });

/** Two jobs, 1 s apart, that fail. */
export const failing = (name: string): object => ({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate", metadata: { name }, spec: { metrics: [{ name: "fail", count: 2, interval: "1s", failureLimit: 1, provider: { job: job("exit 1") } }] } });

/** Goes on for as long as nobody ends it. */
export const endless = (name: string): object => ({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate", metadata: { name }, spec: { args: [{ name: "code", value: "0" }], metrics: [{ name: "steady", interval: "1s", provider: { job: job("exit {{args.code}}") } }] } });
