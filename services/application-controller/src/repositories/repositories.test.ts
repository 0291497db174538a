import { generatePaths } from "./generate-paths.ts";
import { mayFollow } from "./poll.ts";
import { placeOf } from "../applications/desired.ts";

test.each([
  { target: "main", ref: "refs/heads/main", want: true },
  { target: "main", ref: "refs/heads/other", want: false },
  { target: "", ref: "refs/heads/other", want: true },
  { target: "HEAD", ref: "refs/heads/other", want: true },
  { target: "refs/heads/main", ref: "main", want: true },
  { target: "v1.*", ref: "refs/tags/v1.2.3", want: true },
  { target: "^1.0.0", ref: "refs/tags/1.2.3", want: true },
  { target: "v1.2.3", ref: "refs/tags/v1.2.3", want: true },
  { target: "v1.2.3", ref: "refs/tags/v1.2.4", want: false },
  { target: "main", ref: "", want: true },
])("an application at $target and the ref $ref: asked is $want", ({ target, ref, want }) => expect(mayFollow(target, ref)).toBe(want));

test.each([
  { annotation: undefined, want: [] },
  { annotation: ".", want: ["apps/web"] },
  { annotation: ".;../shared", want: ["apps/web", "apps/shared"] },
  { annotation: "/common", want: ["common"] },
])("manifest-generate-paths $annotation", ({ annotation, want }) => expect(generatePaths(annotation, { repoURL: "r", path: "apps/web" })).toEqual(want));

describe(placeOf, () => {
  const provenance = (lines: Record<string, number>) => ({ file: "web/service.yaml", line: 1, fieldLinesJson: Buffer.from(JSON.stringify(lines)) });
  test.each([
    { name: "the field's own line", lines: { "spec.ports[0].port": 9 }, field: "spec.ports[0].port", want: "web/service.yaml:9" },
    { name: "the nearest line above it", lines: { "spec.ports[0]": 8 }, field: "spec.ports[0].port", want: "web/service.yaml:8" },
    { name: "the document's where none is known", lines: {}, field: "spec.ports[0].port", want: "web/service.yaml:1" },
  ])("$name", ({ lines, field, want }) => expect(placeOf(provenance(lines as Record<string, number>), field)).toBe(want));
  it("says nothing where the source is hidden", () => expect(placeOf({ file: "", line: 0, fieldLinesJson: Buffer.alloc(0) }, "spec")).toBe(""));
});
