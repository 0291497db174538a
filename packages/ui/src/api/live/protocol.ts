/** What the server says of a topic: JSON of `GET /api/trireme/v1/stream`. */
export interface StreamEvent<T = unknown> {
  topic: string;
  /** STALE: nobody knows at the moment whether what was said last is still true. */
  type: "OPEN" | "ADDED" | "MODIFIED" | "DELETED" | "TREE" | "STALE";
  object?: T;
  message?: string;
  resourceVersion?: string;
}

/** What a tab says to the one that holds the connection. */
export type FromTab =
  | { follow: string }
  | { leave: string }
  /** Somebody looks, or the network is back: no reason to wait any longer. */
  | "now"
  /** Somebody has signed in: what the old session was told counts no more. */
  | "signed in"
  | "gone";

/** What a tab is told. */
export type ToTab =
  /** Everything that happens to these topics from now on arrives; what was before may have been missed, unless a list of the applications has this version or a newer one. */
  | { open: string[]; version?: string }
  | { events: StreamEvent[] }
  /** The server was heard last then, or, undefined, is heard again. Milliseconds since the epoch. */
  | { lostSince: number | undefined }
  | "signed in"
  | "signed out";
