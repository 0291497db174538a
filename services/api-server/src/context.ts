import type { KubeClient } from "@trireme/kube";
import type { Producer } from "@trireme/queue";
import type { repository } from "@trireme/rpc";
import type { Clock, Logger } from "@trireme/runtime";
import type { AuthParts } from "./auth/caller.ts";
import type { LoginLimits } from "./auth/login-limits.ts";
import type { Revoked } from "./auth/revoked.ts";
import type { Config } from "./config.ts";
import type { Events } from "./events/events.ts";
import type { RolloutViews } from "./rollouts/views.ts";
import type { ApplicationStore } from "./state/application-store.ts";
import type { ControlPlane } from "./state/control-plane.ts";
import type { Controllers } from "./state/controllers.ts";
import type { DestinationClients } from "./state/destination-clients.ts";
import type { SettingsStore } from "./state/settings-store.ts";

/** What the handlers of this service may reach. */
export interface Context {
  config: Config;
  log: Logger;
  clock: Clock;
  /** Control-plane namespace. */
  namespace: string;
  kube: KubeClient;
  plane: ControlPlane;
  settings: SettingsStore;
  applications: ApplicationStore;
  auth: AuthParts;
  revoked: Revoked;
  logins: LoginLimits;
  /** Shortest and longest time of a sign-in, milliseconds. */
  signInPaddingMs: readonly [number, number];
  repo: repository.RepositoryClient;
  controllers: Controllers;
  destinations: DestinationClients;
  /** Rollouts of the control plane's own cluster. */
  rollouts: RolloutViews;
  events: Events;
  queue: Producer | undefined;
}
