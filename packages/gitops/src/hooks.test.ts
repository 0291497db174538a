import type { KubeObject } from "@trireme/api";
import { hookDeletePolicies, hookTarget, hookTypes, isHook, isIgnored, isSkipped, syncPhases, waveOf } from "./hooks.ts";

const annotated = (annotations: Record<string, string>): KubeObject => ({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "job", annotations } });
const hook = (text: string) => annotated({ "argocd.argoproj.io/hook": text });
const helm = (text: string) => annotated({ "helm.sh/hook": text });

describe(hookTypes, () => {
  test.each([
    { name: "a plain object", object: annotated({}), types: [], phases: ["Sync"], hook: false, ignored: false },
    { name: "one type", object: hook("PreSync"), types: ["PreSync"], phases: ["PreSync"], hook: true, ignored: false },
    { name: "several, with spaces and repetition", object: hook("PreSync, PostSync ,PreSync"), types: ["PreSync", "PostSync"], phases: ["PreSync", "PostSync"], hook: true, ignored: false },
    { name: "Skip alone", object: hook("Skip"), types: ["Skip"], phases: [], hook: false, ignored: false },
    { name: "Skip beside another", object: hook("Skip,Sync"), types: ["Skip", "Sync"], phases: ["Sync"], hook: true, ignored: false },
    { name: "a type that nobody knows", object: hook("Whenever"), types: [], phases: ["Sync"], hook: false, ignored: true },
    { name: "of a deletion only", object: hook("PostDelete"), types: ["PostDelete"], phases: [], hook: true, ignored: false },
    { name: "Helm's names", object: helm("pre-install,pre-upgrade,post-install"), types: ["PreSync", "PostSync"], phases: ["PreSync", "PostSync"], hook: true, ignored: false },
    { name: "Helm's crd-install is no hook", object: helm("crd-install"), types: [], phases: ["Sync"], hook: false, ignored: false },
    { name: "Helm's tests are left alone", object: helm("test"), types: [], phases: ["Sync"], hook: false, ignored: true },
    { name: "Argo's word over Helm's", object: annotated({ "argocd.argoproj.io/hook": "Sync", "helm.sh/hook": "pre-install" }), types: ["Sync"], phases: ["Sync"], hook: true, ignored: false },
  ])("$name", ({ object, types, phases, hook: want, ignored }) => {
    expect(hookTypes(object)).toEqual(types);
    expect(syncPhases(object)).toEqual(phases);
    expect(isHook(object)).toBe(want);
    expect(isIgnored(object)).toBe(ignored);
    expect(isSkipped(object)).toBe(types.length === 1 && types[0] === "Skip");
  });
});

describe(hookDeletePolicies, () => {
  test.each([
    { name: "the default", annotations: {}, want: ["BeforeHookCreation"] },
    { name: "Argo's", annotations: { "argocd.argoproj.io/hook-delete-policy": "HookSucceeded,HookFailed" }, want: ["HookSucceeded", "HookFailed"] },
    { name: "Helm's", annotations: { "helm.sh/hook-delete-policy": "hook-succeeded" }, want: ["HookSucceeded"] },
    { name: "one that nobody knows", annotations: { "argocd.argoproj.io/hook-delete-policy": "Sometime" }, want: ["BeforeHookCreation"] },
  ])("$name", ({ annotations, want }) => expect(hookDeletePolicies(annotated(annotations as unknown as Record<string, string>))).toEqual(want));
});

describe(waveOf, () => {
  test.each([
    { name: "no annotation", annotations: {}, want: 0 },
    { name: "a negative wave", annotations: { "argocd.argoproj.io/sync-wave": "-5" }, want: -5 },
    { name: "not a number", annotations: { "argocd.argoproj.io/sync-wave": "first" }, want: 0 },
    { name: "Helm's weight", annotations: { "helm.sh/hook-weight": "7" }, want: 7 },
    { name: "Argo's over Helm's", annotations: { "argocd.argoproj.io/sync-wave": "1", "helm.sh/hook-weight": "7" }, want: 1 },
  ])("$name", ({ annotations, want }) => expect(waveOf(annotated(annotations as unknown as Record<string, string>))).toBe(want));
});

describe(hookTarget, () => {
  it("names a generated hook after revision, phase and start, and holds its object until the result is read", () => {
    const target = hookTarget({ apiVersion: "batch/v1", kind: "Job", metadata: { generateName: "migrate-" } }, "PreSync", "0123456789abcdef", "2026-01-01T00:00:00Z");
    expect(target.metadata).toMatchObject({ name: "migrate-0123456-presync-1767225600", finalizers: ["argocd.argoproj.io/hook-finalizer"] });
  });
});
