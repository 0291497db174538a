import type { GitRequestEvent } from "@trireme/git";
import { createMetrics, type Logger, type Metrics } from "@trireme/runtime";

/** One function for each thing that operators count: log line and metric are born together. */
export interface Events {
  metrics: Metrics;
  gitRequest(event: GitRequestEvent): void;
  forked(command: string): void;
  parsed(): void;
  rendered(event: { app: string; type: string; revision: string; cached: boolean; objects: number; ms: number }): void;
  pending(repository: string, change: 1 | -1): void;
}

export function createEvents(log: Logger, metrics: Metrics = createMetrics({ processMetrics: true })): Events {
  const gitRequests = metrics.counter("argocd_git_request_total", "Number of git requests performed by repo server", ["repo", "request_type"]);
  const gitDuration = metrics.histogram("argocd_git_request_duration_seconds", "Git requests duration seconds.", ["repo", "request_type"], [0.1, 0.25, 0.5, 1, 2, 4, 10, 20]);
  const fetchFailures = metrics.counter("argocd_git_fetch_fail_total", "Number of git fetch requests failures by repo server", ["repo", "revision"]);
  const lsRemoteFailures = metrics.counter("argocd_git_lsremote_fail_total", "Number of git ls-remote requests failures by repo server", ["repo", "revision"]);
  const pendingRequests = metrics.gauge("argocd_repo_pending_request_total", "Number of pending requests requiring repository lock", ["repo"]);
  const forks = metrics.counter("trireme_tool_runs_total", "Processes started, by program", ["command"]);
  const parses = metrics.counter("trireme_yaml_parses_total", "Plain manifest files parsed, each content once");
  const renders = metrics.counter("trireme_renders_total", "Renders of one source, by type and whether the cache had it", ["type", "cached"]);
  return {
    metrics,
    gitRequest({ type, repository, ms, error }) {
      gitRequests.inc({ repo: repository, request_type: type });
      gitDuration.observe({ repo: repository, request_type: type }, ms / 1000);
      if (error === undefined) return log.debug({ repository, type, ms: Math.round(ms) }, "git request");
      (type === "fetch" ? fetchFailures : lsRemoteFailures).inc({ repo: repository, revision: "" });
      return log.warn({ repository, type, ms: Math.round(ms), reason: (error as { reason?: string }).reason, error: (error as Error).message }, "git request failed");
    },
    forked(command) {
      forks.inc({ command });
      log.debug({ command }, "started a program");
    },
    parsed: () => parses.inc(),
    rendered(event) {
      renders.inc({ type: event.type, cached: String(event.cached) });
      log.debug(event, "rendered");
    },
    pending: (repository, change) => pendingRequests.inc({ repo: repository }, change),
  };
}
