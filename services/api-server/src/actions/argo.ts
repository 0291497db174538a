import { rfc3339 } from "@trireme/runtime";
import { withSpec, type ResourceAction } from "./action.ts";
import { minute } from "./workloads.ts";

const isAutomated = (app: any): boolean => {
  const automated = app.spec?.syncPolicy?.automated;
  return automated !== undefined && automated !== null && automated.enabled !== false;
};

export const APPLICATION_ACTIONS: readonly ResourceAction[] = [
  {
    name: "toggle-auto-sync",
    displayName: (app) => (isAutomated(app) ? "Disable Auto-Sync" : "Enable Auto-Sync"),
    run: (app) => withSpec(app, { syncPolicy: { ...app.spec?.syncPolicy, automated: { ...app.spec?.syncPolicy?.automated, enabled: !isAutomated(app) } } }),
  },
];

const INSTANCE = "workflows.argoproj.io/controller-instanceid";
const createWorkflow = (make: ResourceAction["run"]): ResourceAction => ({ name: "create-workflow", iconClass: "fa fa-fw fa-plus", displayName: "Create Workflow", run: make });

/** One run of the schedule now, as `argo submit --from=CronWorkflow/…` makes it. */
export const CRON_WORKFLOW_ACTIONS: readonly ResourceAction[] = [
  createWorkflow((cron, { now }) => {
    const { labels, annotations } = cron.spec?.workflowMetadata ?? {};
    const instance = cron.metadata.labels?.[INSTANCE];
    const metadata = {
      ...workflowMetadata(cron, now),
      labels: { ...labels, "workflows.argoproj.io/cron-workflow": cron.metadata.name, ...(instance !== undefined && { [INSTANCE]: instance }) },
      annotations: { ...annotations, "workflows.argoproj.io/scheduled-time": rfc3339(now) },
    };
    return { create: [{ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata, spec: cron.spec?.workflowSpec }] };
  }),
];

export const WORKFLOW_TEMPLATE_ACTIONS: readonly ResourceAction[] = [
  createWorkflow((template, { now }) => ({
    create: [{ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { ...workflowMetadata(template, now), labels: { "workflows.argoproj.io/workflow-template": template.metadata.name } }, spec: { workflowTemplateRef: { name: template.metadata.name } } }],
  })),
];

function workflowMetadata(from: any, now: number) {
  return { name: `${from.metadata.name}-${minute(now)}`, namespace: from.metadata.namespace, ownerReferences: [{ apiVersion: from.apiVersion, kind: from.kind, name: from.metadata.name, uid: from.metadata.uid }] };
}
