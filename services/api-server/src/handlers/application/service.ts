import type { Rpc } from "../rpc.ts";
import { listResourceActions, runResourceAction } from "./resources/actions.ts";
import { create } from "./create.ts";
import { remove } from "./delete.ts";
import { get } from "./get.ts";
import { listLinks, listResourceLinks } from "./links.ts";
import { list } from "./list.ts";
import { managedResources } from "./resources/managed-resources.ts";
import { getManifests } from "./manifests.ts";
import { patch } from "./patch.ts";
import { podLogs } from "./resources/pod-logs.ts";
import { listResourceEvents } from "./resources/resource-events.ts";
import { resourceTree } from "./resources/resource-tree.ts";
import { deleteResource, getResource, patchResource } from "./resources/resource.ts";
import { ociMetadata, revisionChartDetails, revisionMetadata } from "./revisions.ts";
import { rollback } from "./operation/rollback.ts";
import { syncWindows } from "./operation/sync-windows.ts";
import { sync } from "./operation/sync.ts";
import { terminateOperation } from "./operation/terminate-operation.ts";
import { update, updateSpec } from "./update.ts";
import { watchResourceTree } from "./resources/watch-resource-tree.ts";
import { watch } from "./watch.ts";

export const applicationService: Record<string, Rpc> = {
  List: list,
  Watch: watch,
  Get: get,
  Create: create,
  Update: update,
  UpdateSpec: updateSpec,
  Patch: patch,
  Delete: remove,
  Sync: sync,
  Rollback: rollback,
  TerminateOperation: terminateOperation,
  ResourceTree: resourceTree,
  WatchResourceTree: watchResourceTree,
  ManagedResources: managedResources,
  GetManifests: getManifests,
  RevisionMetadata: revisionMetadata,
  RevisionChartDetails: revisionChartDetails,
  GetOCIMetadata: ociMetadata,
  GetApplicationSyncWindows: syncWindows,
  GetResource: getResource,
  PatchResource: patchResource,
  DeleteResource: deleteResource,
  ListResourceActions: listResourceActions,
  RunResourceAction: runResourceAction,
  RunResourceActionV2: runResourceAction,
  ListResourceEvents: listResourceEvents,
  ListLinks: listLinks,
  ListResourceLinks: listResourceLinks,
  PodLogs: podLogs,
};
