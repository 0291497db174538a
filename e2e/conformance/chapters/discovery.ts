import { chapter } from "../call.ts";
import { AGGREGATED, get } from "../words.ts";

export const discovery = chapter("discovery", ({  }) => [
  get("a core resource list", "/api/v1"),
  get("an apps resource list", "/apis/apps/v1"),
  get("a group", "/apis/apps"),
  get("an unknown version", "/apis/apps/v9"),
  get("the versions", "/api"),
  get("the groups", "/apis"),
  get("the core group, aggregated", "/api", { accept: AGGREGATED }),
  get("the groups, aggregated", "/apis", { accept: AGGREGATED }),
  get("health", "/healthz"),
]);
