import { canonicalQuantity, parseQuantity } from "./quantity.ts";

describe(canonicalQuantity, () => {
  test.each([
    ["1000m", "1"], ["0.5", "500m"], ["1024Mi", "1Gi"], ["1500Mi", "1500Mi"], ["1.5Gi", "1536Mi"], ["100", "100"], ["1000", "1k"], ["0", "0"], ["0.0", "0"], ["-1000m", "-1"],
    ["1e3", "1e3"], ["12e6", "12e6"], ["1000Ki", "1000Ki"], ["0.5Ki", "512"], ["1G", "1G"], ["1000M", "1G"], ["5n", "5n"], ["0.1n", "1n"], ["+2", "2"],
  ])("writes %s as %s", (text, want) => expect(canonicalQuantity(text)).toBe(want));

  test.each(["", "much", "1 Gi", "1.2.3", "Gi", "1Zi", "1e", "--1"])("does not read %j", (text) => expect(parseQuantity(text)).toBeUndefined());
});
