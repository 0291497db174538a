import { humanDuration } from "./age.ts";
import { jsonPathText } from "./json-path.ts";

describe(humanDuration, () => {
  const [s, m, h, d] = [1000, 60_000, 3600_000, 86_400_000];
  test.each([
    [0, "0s"], [119 * s, "119s"], [2 * m, "2m"], [3 * m + 20 * s, "3m20s"], [11 * m + 5 * s, "11m"], [3 * h + 5 * m, "3h5m"], [8 * h, "8h"], [47 * h, "47h"], [50 * h, "2d2h"], [9 * d, "9d"], [800 * d, "2y70d"], [-5 * s, "<invalid>"],
  ])("%d ms is %s", (milliseconds, want) => expect(humanDuration(milliseconds)).toBe(want));
});

describe(jsonPathText, () => {
  const object = { spec: { replicas: 2, ports: [{ name: "a", port: 80 }, { name: "b", port: 81 }] }, metadata: { annotations: { "example.com/x": "y" } }, status: { conditions: [{ type: "Ready", status: "True" }, { type: "Other", status: "False" }] } };
  test.each([
    [".spec.replicas", [2]], [".spec.ports[*].port", [80, 81]], [".spec.ports[1].name", ["b"]], [`.status.conditions[?(@.type=="Ready")].status`, ["True"]], [".metadata.annotations.example\\.com/x", ["y"]], ["{.spec.replicas}", [2]], [".spec.none", []],
  ])("finds %s", (path, want) => expect(jsonPathText(object, path)).toEqual(want));
});
