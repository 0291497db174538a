/** Written by generate-types.mjs from proto/trireme/controller/v1/clusters.proto; do not edit. */

import type { CallContext } from "../handlers.ts";
import type { CallOptions } from "./client.ts";
import type { Input } from "./input.ts";

/** What the controller knows of destination clusters, for the api-server. JSON inside bytes fields has Argo's shapes (ResourceDiff, ApplicationTree, ClusterInfo); secrets in it are redacted already. */
export const CLUSTERS_SERVICE = "trireme.controller.v1.Clusters";

/** What a server of trireme.controller.v1.Clusters provides. */
export type ClustersHandlers = {
  /** Desired, live and predicted state of each managed resource. */
  ManagedResources(request: AppRequest, call: CallContext): AsyncIterable<Input<JsonChunk>>;
  ResourceTree(request: AppRequest, call: CallContext): Promise<Input<JsonChunk>>;
  /** The tree now, and again whenever it changed. */
  WatchTree(request: AppRequest, call: CallContext): AsyncIterable<Input<JsonChunk>>;
  /** The live object, if the application's tree has it. */
  Resource(request: ResourceRequest, call: CallContext): Promise<Input<JsonChunk>>;
  ClusterInfo(request: ClusterInfoRequest, call: CallContext): Promise<Input<ClusterInfoResponse>>;
  /** Wakes applications: one, or all whose sources follow a repository. Stands in for the queues when Redis is away. */
  Refresh(request: RefreshRequest, call: CallContext): Promise<Input<RefreshResponse>>;
  /** What it is releasing, and what is remembered of its releases: a trireme.v1.Releases. */
  Releases(request: AppRequest, call: CallContext): Promise<Input<JsonChunk>>;
  /** Lets a quarantined set go out again, or all of them; answers as Releases does. */
  LiftQuarantine(request: LiftRequest, call: CallContext): Promise<Input<JsonChunk>>;
  /** Why an application is not Synced and Healthy. */
  Why(request: AppRequest, call: CallContext): Promise<Input<JsonChunk>>;
  /** Each object that differs from what Git wants: a trireme.v1.ObjectDifference. */
  Differences(request: AppRequest, call: CallContext): AsyncIterable<Input<JsonChunk>>;
  /** As Differences, against an entry of the history rendered again: what a rollback would change. */
  RollbackDifferences(request: RollbackRequest, call: CallContext): AsyncIterable<Input<JsonChunk>>;
  /** What an application that may not be there yet would make of the cluster: a PreviewHead, then each trireme.v1.PreviewedObject. */
  Preview(request: PreviewRequest, call: CallContext): AsyncIterable<Input<JsonChunk>>;
};

/** What createClient gives for trireme.controller.v1.Clusters. */
export interface ClustersClient {
  /** Desired, live and predicted state of each managed resource. */
  managedResources(request: Input<AppRequest>, options?: CallOptions): AsyncIterable<JsonChunk>;
  resourceTree(request: Input<AppRequest>, options?: CallOptions): Promise<JsonChunk>;
  /** The tree now, and again whenever it changed. */
  watchTree(request: Input<AppRequest>, options?: CallOptions): AsyncIterable<JsonChunk>;
  /** The live object, if the application's tree has it. */
  resource(request: Input<ResourceRequest>, options?: CallOptions): Promise<JsonChunk>;
  clusterInfo(request: Input<ClusterInfoRequest>, options?: CallOptions): Promise<ClusterInfoResponse>;
  /** Wakes applications: one, or all whose sources follow a repository. Stands in for the queues when Redis is away. */
  refresh(request: Input<RefreshRequest>, options?: CallOptions): Promise<RefreshResponse>;
  /** What it is releasing, and what is remembered of its releases: a trireme.v1.Releases. */
  releases(request: Input<AppRequest>, options?: CallOptions): Promise<JsonChunk>;
  /** Lets a quarantined set go out again, or all of them; answers as Releases does. */
  liftQuarantine(request: Input<LiftRequest>, options?: CallOptions): Promise<JsonChunk>;
  /** Why an application is not Synced and Healthy. */
  why(request: Input<AppRequest>, options?: CallOptions): Promise<JsonChunk>;
  /** Each object that differs from what Git wants: a trireme.v1.ObjectDifference. */
  differences(request: Input<AppRequest>, options?: CallOptions): AsyncIterable<JsonChunk>;
  /** As Differences, against an entry of the history rendered again: what a rollback would change. */
  rollbackDifferences(request: Input<RollbackRequest>, options?: CallOptions): AsyncIterable<JsonChunk>;
  /** What an application that may not be there yet would make of the cluster: a PreviewHead, then each trireme.v1.PreviewedObject. */
  preview(request: Input<PreviewRequest>, options?: CallOptions): AsyncIterable<JsonChunk>;
}

export interface AppRequest {
  namespace: string;
  name: string;
  /** empty: whichever has the name */
  uid: string;
}

export interface LiftRequest {
  app: AppRequest | null;
  /** empty: all */
  digest: string;
}

export interface RollbackRequest {
  app: AppRequest | null;
  historyId: number;
}

export interface PreviewRequest {
  /** with its namespace */
  applicationJson: Buffer;
}

export interface ResourceRequest {
  app: AppRequest | null;
  group: string;
  version: string;
  kind: string;
  resourceNamespace: string;
  resourceName: string;
}

export interface JsonChunk {
  json: Buffer;
}

export interface ClusterInfoRequest {
  /** empty: all of this replica's */
  server: string;
}

export interface ClusterInfoResponse {
  infoJsonByServer: Record<string, Buffer>;
}

export interface RefreshRequest {
  app: AppRequest | null;
  repoUrl: string;
  ref: string;
  hint: string;
  hard: boolean;
}

export interface RefreshResponse {
  applications: number;
}
