import type { Application } from "@trireme/api/argo";
import { stateVersion } from "./use-state-version.ts";

const app = (status: string, revision = "a"): Application => ({ status: { sync: { status: "OutOfSync", revision }, resources: [{ kind: "Deployment", namespace: "team", name: "web", status }] } }) as unknown as Application;
const tree = (deployment: string, pod: string) => ({ nodes: [{ kind: "Deployment", namespace: "team", name: "web", uid: "1", resourceVersion: deployment }, { kind: "Pod", namespace: "team", name: "web-1", uid: "2", resourceVersion: pod }] });
const before = stateVersion(app("OutOfSync"), tree("1", "1"));

test.each<[string, string, boolean]>([
  ["nothing", stateVersion(app("OutOfSync"), tree("1", "1")), true],
  ["a pod, which nobody declared", stateVersion(app("OutOfSync"), tree("1", "2")), true],
  ["a declared object", stateVersion(app("OutOfSync"), tree("2", "1")), false],
  ["what was found of it", stateVersion(app("Synced"), tree("1", "1")), false],
  ["what Git wants", stateVersion(app("OutOfSync", "b"), tree("1", "1")), false],
])("the version after a change of %s", (_what, after, same) => expect(after === before).toBe(same));
