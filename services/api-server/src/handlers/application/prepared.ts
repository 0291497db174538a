import type { Application } from "@trireme/api/argo";
import { messagePlan, Prepared } from "@trireme/rpc";

const made = new WeakMap<Application, Prepared>();

/** An application ready to be sent: shaped and serialised at most once for as long as this version of it is the newest. */
export function preparedApplication(app: Application): Prepared {
  let prepared = made.get(app);
  if (prepared === undefined) {
    prepared = new Prepared(messagePlan("github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1.Application"), app);
    made.set(app, prepared);
  }
  return prepared;
}
