import { chapter } from "../call.ts";
import { TABLE, MERGE, post, get, patch, template, deployment } from "../words.ts";

export const workloads = chapter("workloads", ({ apps, batch }) => [
  post("a replica set", apps("replicasets"), { ...deployment("rs"), kind: "ReplicaSet" }),
  get("as a table", apps("replicasets"), { accept: TABLE }),
  post("a stateful set", apps("statefulsets"), { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "ss" }, spec: { serviceName: "ss", selector: { matchLabels: { app: "ss" } }, template: template("ss"), volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } }] } }),
  patch("what it may not change", apps("statefulsets/ss"), MERGE, { spec: { serviceName: "other" } }),
  get("as a table", apps("statefulsets"), { accept: TABLE }),
  post("a daemon set", apps("daemonsets"), { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "ds" }, spec: { selector: { matchLabels: { app: "ds" } }, template: template("ds") } }),
  get("daemon sets as a table", apps("daemonsets"), { accept: TABLE }),
  post("a job", batch("jobs"), { apiVersion: "batch/v1", kind: "Job", metadata: { name: "job" }, spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1" }] } } } }),
  post("a job that restarts always", batch("jobs"), { apiVersion: "batch/v1", kind: "Job", metadata: { name: "bad" }, spec: { template: { spec: { containers: [{ name: "c", image: "i:1" }] } } } }),
  patch("another template", batch("jobs/job"), MERGE, { spec: { template: { spec: { restartPolicy: "OnFailure" } } } }),
  get("as a table", batch("jobs"), { accept: TABLE }),
  post("a cron job", batch("cronjobs"), { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "cron" }, spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1" }] } } } } } }),
  post("a bad schedule", batch("cronjobs"), { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "bad" }, spec: { schedule: "often", jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1" }] } } } } } }),
  get("as a table", batch("cronjobs"), { accept: TABLE }),
]);
