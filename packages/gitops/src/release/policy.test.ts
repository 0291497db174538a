import type { Application } from "@trireme/api/argo";
import { rollbackPolicy } from "./policy.ts";

const app = (annotations: Record<string, string>, automated: boolean) => ({ metadata: { name: "web", annotations }, spec: { destination: {}, ...(automated && { syncPolicy: { automated: {} } }) } }) as unknown as Application;

describe(rollbackPolicy, () => {
  test.each([
    { name: "automated sync is taken back", annotations: {}, automated: true, config: {}, want: { mode: "on", graceMs: 60_000 } },
    { name: "a person's sync is told of", annotations: {}, automated: false, config: {}, want: { mode: "notify", graceMs: 60_000 } },
    { name: "the installation decides for both", annotations: {}, automated: true, config: { "trireme.rollback": "off", "trireme.rollback.grace": "90s" }, want: { mode: "off", graceMs: 90_000 } },
    { name: "the application has the last word", annotations: { "trireme.dev/rollback": "on", "trireme.dev/rollback-grace": "5s" }, automated: false, config: { "trireme.rollback": "off", "trireme.rollback.grace": "90s" }, want: { mode: "on", graceMs: 5_000 } },
    { name: "what cannot be read is named and passed over", annotations: { "trireme.dev/rollback": "yes" }, automated: true, config: { "trireme.rollback.grace": "soon" }, want: { mode: "on", graceMs: 60_000, problem: 'annotation trireme.dev/rollback must be on, off or notify, not "yes"; argocd-cm: trireme.rollback.grace: "soon" is not a duration such as 30s, 5m or 1h30m' } },
  ])("$name", ({ annotations, automated, config, want }) => {
    expect(rollbackPolicy(app(annotations, automated), config as Record<string, string>)).toEqual(want);
  });
});
