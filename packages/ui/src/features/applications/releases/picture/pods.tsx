import { UnstyledButton } from "@mantine/core";
import { useText } from "../../../../i18n/text.tsx";
import { setParameters } from "../../../../navigation.tsx";
import type { ReleasePod, ReplicaSet } from "../../details/types.ts";

const SHOWN = 40;
/** What a pod says while it is still on its way. */
const ON_ITS_WAY = new Set(["", "Pending", "Running", "ContainerCreating", "PodInitializing"]);

type PodState = "ready" | "coming" | "failing" | "terminating" | "wanted";

const SIGNS: Record<PodState, string> = {
  ready: "M4.800 8.200l2.200 2.200 4.200-4.600",
  coming: "M8 5v3.200l2 1.300",
  failing: "M5.500 5.500l5 5M10.500 5.500l-5 5",
  terminating: "M4.500 8h7",
  wanted: "",
};

/** The pods of one set, each with a sign of how it is and a way to it; those that are wanted and not there are empty places. */
export function Pods({ set, namespace }: { set: ReplicaSet; namespace: string }) {
  const t = useText();
  const { desired = 0, ready = 0 } = set;
  const pods = shownPods(set);
  const shown = pods.slice(0, SHOWN);
  return (
    <div className="pods">
      <ul aria-label={t("releases.pods", { ready, desired })}>
        {shown.map(({ pod, state }, index) => {
          const text = pod === undefined ? t(`pod.${state}`) : `${pod.name}: ${t(`pod.${state}`)}${pod.reason && state !== "ready" ? ` (${pod.reason})` : ""}`;
          return (
            <li key={pod?.name ?? index} data-pod={state}>
              {pod === undefined || pod.name === "" ? (
                <PodSign state={state} title={text} />
              ) : (
                <UnstyledButton aria-label={text} title={text} tabIndex={state === "failing" || index === 0 ? 0 : -1} onClick={() => setParameters({ node: `/Pod/${namespace}/${pod.name}` })}>
                  <PodSign state={state} />
                </UnstyledButton>
              )}
            </li>
          );
        })}
      </ul>
      <small>
        {pods.length > SHOWN && <>+{pods.length - SHOWN} · </>}
        {ready}/{desired}
      </small>
    </div>
  );
}

function PodSign({ state, title }: { state: PodState; title?: string }) {
  return (
    <svg viewBox="0 0 16 16" className={`pod ${state}`} {...(title === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": title })}>
      <circle cx={8} cy={8} r={6.5} />
      <path d={SIGNS[state]} />
    </svg>
  );
}

/** Each pod that is there; where none is known, as many as the set counts. */
function shownPods({ pods, desired = 0, ready = 0 }: ReplicaSet): { pod: ReleasePod | undefined; state: PodState }[] {
  const known = pods ?? [];
  const shown = known.length > 0 ? known.map((pod) => ({ pod, state: stateOf(pod) })) : Array.from({ length: ready }, () => ({ pod: undefined, state: "ready" as PodState }));
  const staying = shown.filter(({ state }) => state !== "terminating").length;
  return [...shown, ...Array.from({ length: Math.max(0, desired - staying) }, () => ({ pod: undefined, state: "wanted" as PodState }))];
}

function stateOf({ ready, terminating, reason = "" }: ReleasePod): PodState {
  if (terminating === true) return "terminating";
  if (ready === true) return "ready";
  return ON_ITS_WAY.has(reason) || /^Init:\d+\/\d+$/.test(reason) ? "coming" : "failing";
}
