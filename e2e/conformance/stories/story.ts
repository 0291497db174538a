import type { Request } from "../call.ts";
import type { Frame } from "./frame.ts";

/** Something done to a cluster, and what shows that its controllers have dealt with it. */
export interface Step {
  name: string;
  requests: readonly Omit<Request, "name">[];
  /** Holds for the state that is recorded; the record itself is what other runs wait for. */
  done: (frame: Frame) => boolean;
}

/** Steps in a namespace of their own; after each the whole observable state is compared. */
export interface Story {
  name: string;
  /** Seconds that it takes because a controller waits; the long ones are played in full runs only. */
  slow?: true;
  steps: readonly Step[];
}

/** The story's namespace. */
export function namespaceOf({ name }: Pick<Story, "name">): string {
  return `s-${name.replaceAll(" ", "-")}`;
}
