import { thresholdsOf } from "./thresholds.ts";

describe(thresholdsOf, () => {
  test.each<[string | undefined, "and" | "or", [string, number][]]>([
    ["result >= 0.95", "and", [[">=", 0.95]]],
    ["result[0] >= 0.95", "and", [[">=", 0.95]]],
    ["result[0] > 1 && result[0] < 20", "and", [[">", 1], ["<", 20]]],
    ["0.95 <= result[0]", "and", [[">=", 0.95]]],
    ["asFloat(result) > -1.5", "and", [[">", -1.5]]],
    ["result < 1 || result > 9", "or", [["<", 1], [">", 9]]],
    ["result < 1 || result > 9", "and", []],
    ["result > 1 && result < 9", "or", []],
    ["result[1] > 3", "and", []],
    ["len(result) > 0", "and", []],
    ["result.status == 200", "and", []],
    ["result[0] >= 0.95 && len(result) > 0", "and", []],
    ["result == 'ok'", "and", []],
    ["result >=", "and", []],
    ["", "and", []],
    [undefined, "and", []],
  ])("%s, any or all: %s", (condition, joined, lines) => expect(thresholdsOf(condition, joined)).toEqual(lines.map(([operator, value]) => ({ operator, value }))));
});
