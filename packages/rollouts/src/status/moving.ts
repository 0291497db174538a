import type { Release } from "../rollout/release.ts";
import { pauseOf, PauseReason } from "./pause.ts";

/** Neither paused by a person nor waiting for one because an analysis said nothing clear. */
export const isMoving = ({ rollout, before }: Release): boolean => rollout.spec.paused !== true && pauseOf(before, PauseReason.InconclusiveAnalysisRun) === undefined;
