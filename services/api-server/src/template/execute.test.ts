import { fillTemplate } from "./execute.ts";

const VALUES = { app: { metadata: { name: "web", labels: { team: "Blue Ones" } }, spec: { sources: [{ path: "a" }, { path: "b" }], replicas: 3 }, empty: [], off: false }, none: null };

// Answers are those of Go 1.25's text/template with sprig 3.
test.each([
  ["plain", "plain"],
  ["https://x.test/{{ .app.metadata.name }}?t={{.app.metadata.labels.team | urlquery}}", "https://x.test/web?t=Blue+Ones"],
  ["a {{- /* nothing */ -}} b", "ab"],
  ["a {{- .app.metadata.name -}} b", "awebb"],
  ["{{ .app.absent }}|{{ .none }}", "<no value>|<no value>"],
  ['{{ index .app.metadata.labels "team" }}{{ (index .app.spec.sources 1).path }}', "Blue Onesb"],
  ["{{ if and .app.spec.replicas (not .app.off) }}yes{{ else }}no{{ end }}", "yes"],
  ["{{ if .app.off }}a{{ else if eq .app.metadata.name \"x\" \"web\" }}b{{ else }}c{{ end }}.", "b."],
  ["{{ range $i, $s := .app.spec.sources }}{{ if $i }},{{ end }}{{ $i }}={{ $s.path }}{{ end }}", "0=a,1=b"],
  ["{{ range .app.spec.sources }}{{ .path }}{{ break }}{{ end }}", "a"],
  ["{{ range .app.empty }}x{{ else }}none{{ end }}", "none"],
  ["{{ range $k, $v := .app.metadata.labels }}{{ $k }}={{ $v }}{{ end }}", "team=Blue Ones"],
  ["{{ with .app.metadata }}{{ .name }}{{ $.app.spec.replicas }}{{ end }}", "web3"],
  ["{{ $n := .app.metadata.name }}{{ if true }}{{ $n = upper $n }}{{ end }}{{ $n }}", "WEB"],
  ['{{ .app.spec.absent | default "HEAD" | quote }}', '"HEAD"'],
  ["{{ .app.spec.sources }} {{ len .app.spec.sources }}", "[map[path:a] map[path:b]] 2"],
  ['{{ printf "%s-%03d %q %v%%" .app.metadata.name 7 "a" true }}', 'web-007 "a" true%'],
  ["{{ .app.metadata.labels.team | lower | replace \" \" `-` | trimSuffix \"-ones\" }}", "blue"],
  ['{{ regexReplaceAll "([a-z]+)b" "web" "${1}x" }}', "wex"],
  ['{{ "a,b" | splitList "," | last }}{{ ternary "y" "n" (hasPrefix "w" .app.metadata.name) }}', "by"],
  ["{{ `}}` }}", "}}"],
])("%s", (template, text) => expect(fillTemplate(template, VALUES)).toBe(text));

test.each([
  ["{{ .app.absent.name }}", "nil pointer evaluating interface {}.name"],
  ["{{ .app.metadata.name.first }}", "can't evaluate field first in type string"],
  ["{{ env \"HOME\" }}", 'function "env" not defined'],
  ["{{ getHostByName \"x\" }}", 'function "getHostByName" not defined'],
  ["{{ constructor }}", 'function "constructor" not defined'],
  ["{{ .app", "unclosed action"],
  ["{{ if .app }}x", "unexpected EOF"],
  ["{{ end }}", "unexpected {{end}}"],
  ["{{ else }}", "unexpected {{else}}"],
  ["{{ index .app.spec.sources 5 }}", "index out of range: 5"],
  ["{{ eq 1 \"a\" }}", "incompatible types for comparison"],
  ['{{ template "x" }}', "{{template}} is not supported"],
  ["{{ range .app.spec.sources }}{{ range $.app.spec.sources }}{{ $x }}{{ end }}{{ end }}", 'undefined variable "$x"'],
])("%s is refused: %s", (template, why) => expect(() => fillTemplate(template, VALUES)).toThrow(why));

it("ends, whatever is asked of it", () => {
  const many = { list: Array.from({ length: 1000 }, (_, index) => index) };
  expect(() => fillTemplate("{{ range .list }}{{ range $.list }}{{ . }}{{ end }}{{ end }}", many)).toThrow(/too long|longer than/);
  expect(() => fillTemplate(`${"{{ if 1 }}".repeat(200)}${"{{ end }}".repeat(200)}`, {})).toThrow("nested too deep");
  expect(() => fillTemplate(`{{ ${"(".repeat(5000)} }}`, {})).toThrow("nested too deep");
});
