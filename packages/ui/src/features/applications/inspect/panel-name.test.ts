import { panelOf } from "./panel-name.ts";

test.each([
  ["panel=diff", "diff"],
  ["panel=nothing", undefined],
  ["operation=true", "operation"],
  ["rollback=0", "history"],
  ["node=argoproj.io/Application/argocd/shop/0", "details"],
  ["node=argoproj.io/Application/argocd/shop/0&tab=event", "events"],
  ["node=argoproj.io/Application/argocd/shop/0&tab=parameters", "parameters"],
  ["node=argoproj.io/Application/argocd/child/0", undefined],
  ["node=apps/Deployment/team/web/0&tab=diff", undefined],
  ["", undefined],
])("?%s means %s", (query, panel) => expect(panelOf(new URLSearchParams(query), "argoproj.io/Application/argocd/shop")).toBe(panel));
