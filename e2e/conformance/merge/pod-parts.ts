import type { Part } from "./kinds.ts";
import type { Random } from "./random.ts";

/** Parts of a pod's spec, wherever a kind keeps it. */
export function podParts(specOf: (object: any) => any): Part[] {
  return [
    (o, r) => void (specOf(o).containers = [container("web", r)]),
    (o, r) => void (specOf(o).containers = r.pick([["web", "side"], ["side", "web"], ["web", "side", "third"]]).map((name) => container(name, r))),
    (o, r) => void (specOf(o).nodeSelector = r.pick<any>([{ disk: "ssd" }, { zone: "a", disk: "hdd" }, {}])),
    (o, r) => void (specOf(o).tolerations = r.pick<any>([[{ key: "k", operator: "Exists" }], [{ key: "k", value: "v", effect: "NoSchedule" }], []])),
    (o, r) =>
      void (specOf(o).volumes = r.pick<any>([
        [{ name: "v", emptyDir: {} }],
        [{ name: "v", configMap: { name: "cm", items: [{ key: "a", path: "a" }] } }],
        [{ name: "v", secret: { secretName: "s" } }, { name: "w", emptyDir: { medium: "Memory" } }],
        [{ name: "v", projected: { sources: [{ serviceAccountToken: { path: "t" } }, { configMap: { name: "c" } }] } }],
      ])),
    (o, r) => void (specOf(o).hostNetwork = r.chance(0.5)),
    (o, r) => void (specOf(o).serviceAccountName = r.pick(["sa1", "sa2"])),
    (o, r) => void (specOf(o).imagePullSecrets = r.pick<any>([[{ name: "p1" }], [{ name: "p2" }, { name: "p1" }]])),
    (o, r) => void (specOf(o).topologySpreadConstraints = [{ maxSkew: r.pick([1, 2]), topologyKey: "zone", whenUnsatisfiable: r.pick(["DoNotSchedule", "ScheduleAnyway"]), labelSelector: { matchLabels: { app: "x" } } }]),
    (o, r) => void (specOf(o).securityContext = r.pick<any>([{}, { fsGroup: 1 }, { sysctls: [{ name: "kernel.shm_rmid_forced", value: "0" }] }])),
  ];
}

function container(name: string, r: Random): Record<string, any> {
  const out: Record<string, any> = { name, image: `img:${r.pick(["1", "2"])}` };
  if (r.chance(0.5)) out["env"] = ["A", "B", "C"].filter(() => r.chance(0.6)).map((key) => (r.chance(0.2) ? { name: key, valueFrom: { fieldRef: { fieldPath: "metadata.name" } } } : { name: key, value: r.pick(["1", "2"]) }));
  if (r.chance(0.5)) out["ports"] = r.pick<any>([[{ containerPort: 80 }], [{ containerPort: 80 }, { containerPort: 443, name: "https" }], [{ containerPort: 53, protocol: "UDP" }, { containerPort: 53, protocol: "TCP" }]]);
  if (r.chance(0.4)) out["resources"] = r.pick<any>([{ limits: { cpu: "1000m" } }, { requests: { cpu: "0.5", memory: "128Mi" } }, { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } }]);
  if (r.chance(0.3)) out["args"] = r.pick<any>([["a"], ["a", "b"], []]);
  if (r.chance(0.3)) out["readinessProbe"] = r.pick<any>([{ httpGet: { path: "/", port: 80 } }, { exec: { command: ["true"] }, periodSeconds: 7 }]);
  if (r.chance(0.2)) out["securityContext"] = { capabilities: { drop: ["ALL"] }, ...(r.chance(0.5) && { runAsNonRoot: true }) };
  if (r.chance(0.1)) out["command"] = null;
  return out;
}
