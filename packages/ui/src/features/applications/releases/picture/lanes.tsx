import { UnstyledButton } from "@mantine/core";
import { Ago } from "../../../../components/ago.tsx";
import { isTextKey, useText } from "../../../../i18n/text.tsx";
import { setParameters } from "../../../../navigation.tsx";
import { shortImage } from "../../describe.ts";
import type { RolloutRelease, SteeredService } from "../../details/types.ts";
import { lanesOf, type Lane } from "./lanes.ts";
import { Pods } from "./pods.tsx";

/** The sets of a Rollout, one below the other: what sends them traffic, how much of it, and their pods. */
export function Lanes({ rollout }: { rollout: RolloutRelease }) {
  const t = useText();
  const { lanes, idle } = lanesOf(rollout);
  const { namespace } = rollout;
  return (
    <ul className="lanes">
      {lanes.map((lane) => (
        <li key={lane.set.name} className="lane" data-set={lane.set.name} data-share={lane.share}>
          <Source lane={lane} namespace={namespace} />
          <Set lane={lane} namespace={namespace} />
        </li>
      ))}
      {idle.map((service) => (
        <li key={service.name} className="lane idle">
          <span className="lane-source">
            <ServiceName service={service} namespace={namespace} />
          </span>
          <small className="faint">{t("releases.selectsNone")}</small>
        </li>
      ))}
    </ul>
  );
}

/** What leads to a set: Services, and the share as a stroke that is as wide as the share is large. */
function Source({ lane: { services, share, asked }, namespace }: { lane: Lane; namespace: string }) {
  const t = useText();
  const flows = share === undefined ? services.length > 0 : share > 0;
  return (
    <span className="lane-source">
      <span className="lane-from">
        {services.map((service) => (
          <ServiceName key={service.name} service={service} namespace={namespace} />
        ))}
        {share !== undefined && (
          <span className="share">
            {share} % {asked !== undefined && <small>{t("releases.asked", { share: asked })}</small>}
          </span>
        )}
      </span>
      <svg className={`flow ${flows ? "flows" : ""}`} viewBox="0 0 48 20" aria-hidden="true">
        {flows && <path d="M0 10H40" strokeWidth={share === undefined ? 3 : 1.5 + (share / 100) * 8} />}
        <path className="flow-head" d={flows ? "M38 2L48 10L38 18z" : "M0 10H44"} />
      </svg>
    </span>
  );
}

function ServiceName({ service: { name, role = "" }, namespace }: { service: SteeredService; namespace: string }) {
  const t = useText();
  const key = `role.${role}`;
  return (
    <UnstyledButton className="service" data-service={name} onClick={() => setParameters({ node: `/Service/${namespace}/${name}` })}>
      <small>{t("releases.service", { role: isTextKey(key) ? t(key) : role })}</small>
      {name}
    </UnstyledButton>
  );
}

function Set({ lane: { set }, namespace }: { lane: Lane; namespace: string }) {
  const t = useText();
  const images = set.images ?? [];
  return (
    <div className="set">
      <div className="set-head">
        {(set.roles ?? []).map((role) => {
          const key = `role.${role}`;
          return (
            <span key={role} className={`role ${role}`}>
              {isTextKey(key) ? t(key) : role}
            </span>
          );
        })}
        <span>{t("releases.revision", { revision: set.revision ?? "?" })}</span>
        <code className="images" title={images.join(", ")}>
          {images.map(shortImage).join(", ")}
        </code>
        {set.scaleDownAt && (
          <small className="faint">
            {t("releases.scaleDown")} <Ago time={set.scaleDownAt} />
          </small>
        )}
      </div>
      <Pods set={set} namespace={namespace} />
    </div>
  );
}
