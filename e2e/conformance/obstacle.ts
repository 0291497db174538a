import { wantedMinor } from "../control-plane/binaries.ts";
import { controlPlaneObstacle } from "../support/control-plane.ts";
import { clusterKind } from "../support/stack.ts";
import { RECORDED_MINOR } from "./record-of-calls.ts";

/** Why the servers cannot be compared in this run; `undefined` where they can. */
export function conformanceObstacle(): string | undefined {
  if (clusterKind === "dev") return undefined;
  if (wantedMinor() !== RECORDED_MINOR) return `answers are recorded for Kubernetes ${RECORDED_MINOR}, this run asks for ${wantedMinor()}`;
  return controlPlaneObstacle();
}
