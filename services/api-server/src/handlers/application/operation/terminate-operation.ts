import { invalid } from "../../../errors.ts";
import { unary } from "../../rpc.ts";
import { forApplication, type ApplicationCall } from "../access.ts";
import { recordApplication } from "../events.ts";
import { terminateOperation as terminate } from "../write.ts";

export const terminateOperation = unary<ApplicationCall>(forApplication("sync"), async (_request, call) => {
  const none = () => invalid("Unable to terminate operation. No operation is in progress", "NoOperation");
  const written = await terminate(call.app, none, call.ctx, call.signal);
  recordApplication(written, "ResourceUpdated", "terminated running operation", call);
  return {};
});
