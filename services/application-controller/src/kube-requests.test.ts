import { createMetrics } from "@trireme/runtime";
import { requestMetrics } from "./kube-requests.ts";

describe(requestMetrics, () => {
  it.each([
    { name: "a patch of a status", method: "PATCH", path: "/apis/argoproj.io/v1alpha1/namespaces/default/rollouts/web/status", query: "", told: 'kind="rollouts",namespace="default",name="web",verb="Patch",status_code="200"' },
    { name: "an Event, whose name nobody knows", method: "POST", path: "/api/v1/namespaces/default/events", query: "", told: 'kind="events",namespace="default",name="N/A",verb="Create",status_code="200"' },
    { name: "a list of a whole cluster", method: "GET", path: "/apis/argoproj.io/v1alpha1/clusteranalysistemplates", query: "?limit=500", told: 'kind="clusteranalysistemplates",namespace="",name="N/A",verb="List",status_code="200"' },
    { name: "a watch", method: "GET", path: "/api/v1/services", query: "?watch=true", told: 'kind="services",namespace="",name="",verb="Watch",status_code="200"' },
    { name: "one object", method: "GET", path: "/api/v1/namespaces/default/pods/web-1", query: "", told: 'kind="pods",namespace="default",name="web-1",verb="Get",status_code="200"' },
  ])("counts $name", async ({ method, path, query, told }) => {
    const metrics = createMetrics();
    requestMetrics(metrics)({ cluster: "c", method, path, query, status: 200, ms: 1 });
    expect(await metrics.registry.metrics()).toContain(`controller_clientset_k8s_request_total{${told}} 1`);
  });

  it("does not count what applications bring", async () => {
    const metrics = createMetrics();
    requestMetrics(metrics)({ cluster: "c", method: "PATCH", path: "/api/v1/namespaces/default/configmaps/web", query: "", status: 200, ms: 1 });
    expect(await metrics.registry.metrics()).not.toContain("k8s_request_total{");
  });
});
