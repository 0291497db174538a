import type { Chapter } from "../call.ts";
import { access } from "./access.ts";
import { apply } from "./apply-of-config-maps.ts";
import { argoKinds } from "./argo-kinds.ts";
import { claims } from "./claims.ts";
import { concurrency } from "./concurrency.ts";
import { clusterKinds } from "./cluster-wide-kinds.ts";
import { configMaps } from "./config-maps.ts";
import { customResources } from "./custom-resources.ts";
import { crdShapes } from "./crd-shapes.ts";
import { deletion } from "./deletion.ts";
import { deployments } from "./deployments.ts";
import { discovery } from "./discovery.ts";
import { ends } from "./ends.ts";
import { everyKind } from "./every-kind.ts";
import { exec } from "./exec.ts";
import { collections, selectors } from "./lists.ts";
import { dryRuns, fieldValidation } from "./modes.ts";
import { forgottenPast } from "./forgotten-past.ts";
import { limitRanges, resourceQuotas } from "./limits.ts";
import { names } from "./names.ts";
import { networking } from "./networking.ts";
import { openapi } from "./openapi.ts";
import { patches } from "./patches.ts";
import { pods } from "./pods.ts";
import { rules } from "./rules.ts";
import { secrets } from "./secrets.ts";
import { services } from "./services.ts";
import { small } from "./smaller-kinds.ts";
import { pages, versions } from "./versions.ts";
import { eventsAndLogs, impersonation, subresources } from "./subresources.ts";
import { watchParameters } from "./watch-parameters.ts";
import { watches } from "./watches.ts";
import { workloads } from "./workloads.ts";

/** Everything that both servers are asked. Chapters build on nothing outside themselves. */
export const chapters: readonly Chapter[] = [
  discovery, openapi, configMaps, names, patches, dryRuns, fieldValidation, concurrency, selectors, collections, pages, versions, apply, deletion, deployments, workloads, pods, services, networking, secrets, claims, small, clusterKinds,
  limitRanges, resourceQuotas, customResources, rules, crdShapes, subresources, access, impersonation, eventsAndLogs, exec, watchParameters, watches, everyKind, argoKinds, forgottenPast, ends,
];
