import type { Metric } from "@trireme/rollouts";
import { jobProvider } from "./job.ts";
import { TokenStore } from "./oauth2.ts";
import { prometheusProvider } from "./prometheus.ts";
import type { Provider } from "./provider.ts";
import { webProvider } from "./web.ts";

export type Providers = (metric: Metric) => Provider | undefined;

/** Providers by what a metric names. */
export function createProviders(): Providers {
  const tokens = new TokenStore();
  const providers: Readonly<Record<string, Provider>> = { job: jobProvider, prometheus: prometheusProvider(tokens), web: webProvider(tokens) };
  return ({ provider }) => {
    const name = Object.keys(providers).find((candidate) => provider[candidate] !== undefined && provider[candidate] !== null);
    return name === undefined ? undefined : providers[name];
  };
}
