import { outerLink, safeLink } from "./safe-link.ts";

test.each([
  ["https://grafana.test/d/1?a=b", "https://grafana.test/d/1?a=b"],
  ["http://web.test", "http://web.test/"],
  ["mailto:team@web.test", "mailto:team@web.test"],
  ["javascript:alert(1)", undefined],
  [" JaVaScRiPt:alert(1)", undefined],
  ["data:text/html,<script>", undefined],
  ["/relative", undefined],
  [undefined, undefined],
])("%s leads to %s", (text, href) => expect(safeLink(text)).toBe(href));

test.each([
  ["https://web.test/", { href: "https://web.test/", title: "web.test" }],
  ["Guide|https://web.test/a|b", { href: "https://web.test/a|b", title: "Guide" }],
  ["mailto:team@web.test", { href: "mailto:team@web.test", title: "team@web.test" }],
  ["Guide|javascript:alert(1)", undefined],
  ["data:text/html|x", undefined],
])("an annotation's %s is %j", (text, link) => expect(outerLink(text)).toEqual(link));
