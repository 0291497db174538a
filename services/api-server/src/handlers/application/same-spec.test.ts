import type { Application } from "@trireme/api/argo";
import { sameSpec } from "./same-spec.ts";

const app = (spec: object, metadata: object = {}) => ({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "a", ...metadata }, spec: { destination: {}, source: { repoURL: "u" }, ...spec } }) as Application;

describe(sameSpec, () => {
  test.each([
    { name: "an unnamed project is the default one", a: app({}), b: app({ project: "default" }), want: true },
    { name: "empty lists and zeros are nothing", a: app({ info: [], revisionHistoryLimit: 0 }), b: app({}), want: true },
    { name: "an empty policy is none", a: app({ syncPolicy: {} }), b: app({}), want: true },
    { name: "automated with defaults is something", a: app({ syncPolicy: { automated: {} } }), b: app({}), want: false },
    { name: "labels count", a: app({}, { labels: { a: "b" } }), b: app({}), want: false },
    { name: "the version of the object does not", a: app({}, { resourceVersion: "5", uid: "x" }), b: app({}), want: true },
  ])("$name", ({ a, b, want }) => expect(sameSpec(a, b)).toBe(want));
});
