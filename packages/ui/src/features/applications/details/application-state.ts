import { compareResourceVersions } from "@trireme/api";
import type { Application } from "@trireme/api/argo";

export interface ApplicationState {
  app: Application;
  /** It was deleted while it was looked at; what is shown is the last that was known. */
  deleted: boolean;
}

/** What is known once a call was answered: the stream may have told of later changes before its answer came. */
export function withAnswer(known: ApplicationState | undefined, app: Application): ApplicationState {
  if (known !== undefined && compareResourceVersions(app.metadata.resourceVersion, known.app.metadata.resourceVersion) < 0) return known;
  return { app, deleted: false };
}
