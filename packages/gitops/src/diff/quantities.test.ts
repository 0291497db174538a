import { sameQuantity } from "./quantities.ts";

describe(sameQuantity, () => {
  test.each([
    { a: "1000m", b: "1", same: true },
    { a: "1", b: 1, same: true },
    { a: "0.5", b: "500m", same: true },
    { a: "1Gi", b: "1073741824", same: true },
    { a: "1Gi", b: "1G", same: false },
    { a: "1e3", b: "1k", same: true },
    { a: "1.5Gi", b: "1536Mi", same: true },
    { a: "100M", b: "100000k", same: true },
    { a: "-1", b: "1", same: false },
    { a: "0", b: "0Mi", same: true },
    { a: "0.1n", b: "1n", same: true },
    { a: "two", b: "two", same: true },
    { a: "two", b: "2", same: false },
    { a: "", b: "0", same: false },
  ])("$a and $b: $same", ({ a, b, same }) => {
    expect(sameQuantity(a, b)).toBe(same);
    expect(sameQuantity(b, a)).toBe(same);
  });
});
