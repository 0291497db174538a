import { safeLink } from "./safe-link.ts";

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
