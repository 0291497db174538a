import type { ResourceType } from "../types/resource-type.ts";
import { cronJobStrategy, jobStrategy } from "./batch.ts";
import { claimStrategy } from "./claim.ts";
import { configMapStrategy, eventStrategy, secretStrategy, serviceAccountStrategy } from "./config.ts";
import { crdStrategy } from "./custom-resource-definition.ts";
import { withoutDisabledPodFields } from "./disabled-fields.ts";
import { limitRangeStrategy, quotaStrategy } from "./limits.ts";
import { namespaceStrategy } from "./namespace.ts";
import { endpointSliceStrategy, endpointsStrategy, ingressClassStrategy, ingressStrategy, networkPolicyStrategy } from "./networking.ts";
import { nodeStrategy } from "./node.ts";
import { podStrategy } from "./pod.ts";
import { autoscalerStrategy, disruptionBudgetStrategy, leaseStrategy, priorityClassStrategy, webhookStrategy } from "./policies.ts";
import { bindingStrategy, roleStrategy } from "./rbac-kinds.ts";
import { serviceStrategy } from "./service.ts";
import { storageClassStrategy, volumeStrategy } from "./storage-kinds.ts";
import type { Strategy } from "./strategy.ts";
import { daemonSetStrategy, defaultTemplate, deploymentStrategy, replicaSetStrategy, replicationControllerStrategy, statefulSetStrategy } from "./workloads.ts";

const NOTHING: Strategy = {};
const COUNTED: Strategy = { generation: true };
const STRICT: Strategy = { needsResourceVersion: true };
const RBAC = "rbac.authorization.k8s.io";
const ADMISSION = "admissionregistration.k8s.io";

/** Strategies by bucket; kinds that are not listed have nothing particular. */
const STRATEGIES: Readonly<Record<string, Strategy>> = {
  namespaces: namespaceStrategy,
  nodes: nodeStrategy,
  pods: withoutDisabledPodFields(podStrategy, (pod) => pod.spec),
  podtemplates: withoutDisabledPodFields({ generation: true, returnsDeleted: true, defaults: defaultTemplate }, (object) => object["template"]?.spec),
  services: serviceStrategy,
  endpoints: endpointsStrategy,
  configmaps: configMapStrategy,
  secrets: secretStrategy,
  serviceaccounts: serviceAccountStrategy,
  events: eventStrategy,
  persistentvolumeclaims: claimStrategy,
  persistentvolumes: volumeStrategy,
  replicationcontrollers: templated(replicationControllerStrategy),
  resourcequotas: quotaStrategy,
  limitranges: limitRangeStrategy,
  "deployments.apps": templated(deploymentStrategy),
  "replicasets.apps": templated(replicaSetStrategy),
  "statefulsets.apps": templated(statefulSetStrategy),
  "daemonsets.apps": templated(daemonSetStrategy),
  "jobs.batch": templated(jobStrategy),
  "cronjobs.batch": withoutDisabledPodFields(cronJobStrategy, (object) => object.spec?.jobTemplate?.spec?.template?.spec),
  "ingresses.networking.k8s.io": ingressStrategy,
  "ingressclasses.networking.k8s.io": ingressClassStrategy,
  "networkpolicies.networking.k8s.io": networkPolicyStrategy,
  "endpointslices.discovery.k8s.io": endpointSliceStrategy,
  "horizontalpodautoscalers.autoscaling": autoscalerStrategy,
  "poddisruptionbudgets.policy": disruptionBudgetStrategy,
  "priorityclasses.scheduling.k8s.io": priorityClassStrategy,
  "leases.coordination.k8s.io": leaseStrategy,
  "storageclasses.storage.k8s.io": storageClassStrategy,
  "csidrivers.storage.k8s.io": { ...STRICT, returnsDeleted: true },
  "csinodes.storage.k8s.io": { ...STRICT, returnsDeleted: true },
  "csistoragecapacities.storage.k8s.io": STRICT,
  "volumeattachments.storage.k8s.io": { ...STRICT, returnsDeleted: true },
  "volumeattributesclasses.storage.k8s.io": { returnsDeleted: true },
  "runtimeclasses.node.k8s.io": { ...STRICT, createsOnUpdate: true },
  [`roles.${RBAC}`]: roleStrategy,
  [`clusterroles.${RBAC}`]: roleStrategy,
  [`rolebindings.${RBAC}`]: bindingStrategy,
  [`clusterrolebindings.${RBAC}`]: bindingStrategy,
  [`mutatingwebhookconfigurations.${ADMISSION}`]: webhookStrategy,
  [`validatingwebhookconfigurations.${ADMISSION}`]: webhookStrategy,
  [`validatingadmissionpolicies.${ADMISSION}`]: { generation: true, needsResourceVersion: true },
  [`validatingadmissionpolicybindings.${ADMISSION}`]: { generation: true, needsResourceVersion: true },
  [`mutatingadmissionpolicies.${ADMISSION}`]: { generation: true, needsResourceVersion: true },
  [`mutatingadmissionpolicybindings.${ADMISSION}`]: { generation: true, needsResourceVersion: true },
  "flowschemas.flowcontrol.apiserver.k8s.io": COUNTED,
  "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": COUNTED,
  "customresourcedefinitions.apiextensions.k8s.io": crdStrategy,
};

export function strategyOf(type: ResourceType): Strategy {
  return STRATEGIES[type.bucket] ?? NOTHING;
}

function templated(strategy: Strategy): Strategy {
  return withoutDisabledPodFields(strategy, (object) => object.spec?.template?.spec);
}
