import type { KubeObject } from "@trireme/api";
import type { ApiContext } from "../server/context.ts";
import type { Cause } from "../server/status-error.ts";

/**
 * What is particular to a kind between decoding and storing. Objects handed in are fresh copies that may be changed;
 * `old` must not be.
 */
export interface Strategy {
  /** `metadata.generation` counts changes of the desired state. */
  generation?: boolean;
  /** An empty list or map in what is written counts as a change, since nothing is stored of it. */
  countsEmptiness?: boolean;
  /** Dependents stay when DELETE does not say what becomes of them: the habit of the oldest kinds. */
  orphansByDefault?: boolean;
  /** PUT creates what is not there. */
  createsOnUpdate?: boolean;
  /** Marking for deletion sets the time of deletion and nothing else. */
  marksPlainly?: boolean;
  /** PUT must carry a resourceVersion. */
  needsResourceVersion?: boolean;
  /** DELETE answers the object instead of a Status. */
  returnsDeleted?: boolean;
  /** Status is not taken from clients outside the status subresource. Default: where there is such a subresource. */
  keepsStatus?: boolean;
  /** Fills what a client left out; also run on what is applied and patched. */
  defaults?(object: KubeObject): void;
  prepareCreate?(object: KubeObject, ctx: ApiContext): void;
  prepareUpdate?(object: KubeObject, old: KubeObject, ctx: ApiContext): void;
  /** The same, once the generation has counted what was asked for. */
  afterGeneration?(object: KubeObject, old: KubeObject): void;
  /** Before a status write. */
  prepareStatus?(object: KubeObject, old: KubeObject, ctx: ApiContext): void;
  validate?(object: KubeObject, old: KubeObject | undefined, ctx: ApiContext): Cause[];
  /** What a client should know of a valid object that is written. */
  warnings?(object: KubeObject): string[];
  /** What is wrong with a name; default: a DNS subdomain. */
  nameProblems?(name: string, prefix: boolean): string[];
  /** After the write, inside the same turn of the event loop. */
  afterWrite?(object: KubeObject, old: KubeObject | undefined, ctx: ApiContext): void;
  afterDelete?(object: KubeObject, ctx: ApiContext): void;
  /** Marks an object that is deleted for the first time; finalizers added here keep it until they are taken off. */
  beforeDelete?(object: KubeObject, ctx: ApiContext): void;
  /** May refuse with a StatusError before a deletion. */
  checkDelete?(object: KubeObject, ctx: ApiContext): void;
}
