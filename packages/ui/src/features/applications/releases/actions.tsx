import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../../api/client.ts";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useText } from "../../../i18n/text.tsx";
import type { RolloutRelease } from "../details/types.ts";
import { applicationAddress, type ApplicationName } from "../details/use-application.ts";

const ACTIONS = ["resume", "promote-full", "skip-current-step", "abort", "retry", "restart"] as const;

/** What can be done with a Rollout now; what cannot is not offered. */
export function RolloutActions({ of, rollout }: { of: ApplicationName; rollout: RolloutRelease }) {
  const t = useText();
  const [running, setRunning] = useState<string>();
  const [error, setError] = useState<unknown>();
  const { namespace, name, phase, aborted, step, waitingFor, currentRevision } = rollout;
  const object = { group: "argoproj.io", version: "v1alpha1", kind: "Rollout", namespace, resourceName: name };
  const { data } = useQuery({
    queryKey: ["application", of.namespace, of.name, "actions", namespace, name, phase, aborted, step?.number, waitingFor?.reason, currentRevision],
    queryFn: ({ signal }) => call<{ actions?: { name: string; disabled?: boolean }[] | null }>("GET", applicationAddress(of, "/resource/actions", object), undefined, signal),
    placeholderData: (before) => before,
  });
  const possible = ACTIONS.filter((action) => data?.actions?.some((one) => one.name === action && one.disabled !== true));
  const run = async (action: string): Promise<void> => {
    setRunning(action);
    setError(undefined);
    try {
      await call("POST", applicationAddress(of, "/resource/actions/v2"), { name: of.name, appNamespace: of.namespace, ...object, action });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setRunning(undefined);
    }
  };
  return (
    <div className="rollout-actions">
      {possible.map((action) => (
        <Button key={action} variant={action === "resume" ? "filled" : "default"} loading={running === action} onClick={() => void run(action)}>
          {t(`rollout.${action}`)}
        </Button>
      ))}
      <ErrorNotice error={error} />
    </div>
  );
}
