import { useMemo } from "react";
import type { Application } from "@trireme/api/argo";
import { toneOf } from "../../../components/status.tsx";
import { useText } from "../../../i18n/text.tsx";
import { Link, useRoute } from "../../../navigation.tsx";
import { repositoryName, sourcesOf } from "../describe.ts";
import { wordOf } from "./facets.tsx";
import { HEALTHS, parameterOf, SYNCS, valuesOf, type Facet } from "./filter.ts";

const ORDER: Record<"health" | "sync", readonly string[]> = { health: [...HEALTHS].reverse(), sync: [...SYNCS].reverse() };
/** Groups that are shown; the rest is found with the filters. */
const MOST = 12;

/** How the applications are as a whole; every figure leads to what it counts. */
export default function Summary({ apps }: { apps: readonly Application[] }) {
  const t = useText();
  const figures = useMemo(
    () => ({
      applications: apps.length,
      projects: distinct(apps, "proj"),
      clusters: distinct(apps, "cluster"),
      namespaces: distinct(apps, "namespace"),
      repositories: new Set(apps.flatMap((app) => sourcesOf(app).map(({ repoURL = "" }) => repositoryName(repoURL)))).size,
    }),
    [apps],
  );
  return (
    <div className="overview">
      <dl className="figures panel">
        {(["applications", "projects", "clusters", "namespaces", "repositories"] as const).map((name) => (
          <div key={name} data-figure={name}>
            <dt>{t(`figure.${name}`)}</dt>
            <dd>{figures[name]}</dd>
          </div>
        ))}
      </dl>
      <Ring facet="health" apps={apps} />
      <Ring facet="sync" apps={apps} />
      <Groups facet="proj" apps={apps} />
      <Groups facet="cluster" apps={apps} />
    </div>
  );
}

/** How many are in each state, as a ring and as a list. */
function Ring({ facet, apps }: { facet: "health" | "sync"; apps: readonly Application[] }) {
  const t = useText();
  const states = useMemo(() => tally(apps, facet), [apps, facet]);
  let begin = 0;
  return (
    <section className="panel ring" aria-labelledby={`ring-${facet}`} data-ring={facet}>
      <h2 id={`ring-${facet}`}>{t(`facet.${facet}`)}</h2>
      <svg viewBox="0 0 42 42" aria-hidden="true">
        {states.map(([state, count]) => {
          const share = (100 * count) / apps.length;
          const offset = 100 - begin;
          begin += share;
          return <circle key={state} className={toneOf(state)} cx="21" cy="21" r="15.9155" strokeDasharray={`${share} ${100 - share}`} strokeDashoffset={offset} />;
        })}
        <text x="21" y="21">{apps.length}</text>
      </svg>
      <ul>
        {states.map(([state, count]) => (
          <li key={state} className={toneOf(state)}>
            <Narrow facet={facet} value={state}>
              {wordOf(facet, state, t)}
            </Narrow>
            <span>{count}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How many there are of each value, and how well they are. */
function Groups({ facet, apps }: { facet: "proj" | "cluster"; apps: readonly Application[] }) {
  const t = useText();
  const groups = useMemo(() => {
    const found = new Map<string, Application[]>();
    for (const app of apps) {
      const [value = ""] = valuesOf(app, facet);
      const same = found.get(value);
      if (same === undefined) found.set(value, [app]);
      else same.push(app);
    }
    return [...found].sort(([, a], [, b]) => b.length - a.length);
  }, [apps, facet]);
  return (
    <section className="panel groups" aria-labelledby={`groups-${facet}`}>
      <h2 id={`groups-${facet}`}>{t(`facet.${facet}`)}</h2>
      <ul>
        {groups.slice(0, MOST).map(([value, members]) => (
          <li key={value}>
            <Narrow facet={facet} value={value}>
              {wordOf(facet, value, t)}
            </Narrow>
            <span>{members.length}</span>
            <span className="health-share" role="img" aria-label={tally(members, "health").map(([state, count]) => `${wordOf("health", state, t)} ${count}`).join(", ")}>
              {tally(members, "health").map(([state, count]) => (
                <i key={state} className={toneOf(state)} style={{ flexGrow: count }} />
              ))}
            </span>
          </li>
        ))}
      </ul>
      {groups.length > MOST && <p className="faint">{t("figure.more", { count: groups.length - MOST })}</p>}
    </section>
  );
}

/** Leads to the applications with this value, beside what is asked already. */
function Narrow({ facet, value, children }: { facet: Facet; value: string; children: string }) {
  const { parameters } = useRoute();
  const narrowed = new URLSearchParams(parameters);
  narrowed.set(facet, parameterOf(facet, [value]));
  narrowed.set("view", "list");
  return (
    <Link to={{ page: "applications" }} query={`?${narrowed}`}>
      {children}
    </Link>
  );
}

function tally(apps: readonly Application[], facet: "health" | "sync"): [string, number][] {
  const counts = new Map<string, number>();
  for (const app of apps) for (const value of valuesOf(app, facet)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => ORDER[facet].indexOf(a) - ORDER[facet].indexOf(b));
}

const distinct = (apps: readonly Application[], facet: Facet): number => new Set(apps.flatMap((app) => valuesOf(app, facet))).size;
