import { deletePaths } from "./jq-delete.ts";
import { parseJqPaths } from "./jq-paths.ts";

const value = {
  a: { "b c": 1, d: [{ name: "x", v: 1 }, { name: "istio-proxy", v: 2 }, { name: "y", v: 3, tags: ["t"] }] },
  "e.f/g": "h",
};

const deleted = (expression: string): unknown => {
  const paths = parseJqPaths(expression);
  return paths === undefined ? "needs jq" : (deletePaths(value, paths) ?? "fails");
};
const withItems = (...items: unknown[]): unknown => ({ ...value, a: { ...value.a, d: items } });
const [x, istio, y] = value.a.d;

describe(deletePaths, () => {
  test.each([
    { name: "a field", expression: '.["e.f/g"]', want: { a: value.a } },
    { name: "a quoted field", expression: '.a."b c"', want: { ...value, a: { d: value.a.d } } },
    { name: "an item by index, from the end", expression: ".a.d[-1]", want: withItems(x, istio) },
    { name: "all items", expression: ".a.d[]", want: withItems() },
    { name: "a field of every item", expression: ".a.d[].v", want: withItems({ name: "x" }, { name: "istio-proxy" }, { name: "y", tags: ["t"] }) },
    { name: "a selected item", expression: '.a.d[] | select(.name == "x")', want: withItems(istio, y) },
    { name: "a field of selected items", expression: '.a.d[]|select(.name!="x")|.v', want: withItems(x, { name: "istio-proxy" }, { name: "y", tags: ["t"] }) },
    { name: "by a text's beginning", expression: '.a.d[] | select(.name | startswith("istio-"))', want: withItems(x, y) },
    { name: "by several conditions", expression: '.a.d[] | select((.v > 1 and (.name | contains("istio") | not)) or .name == "x")', want: withItems(istio) },
    { name: "by the presence of a field", expression: '.a.d[] | select(has("tags"))', want: withItems(x, istio) },
    { name: "several at once", expression: '.a."b c", .["e.f/g"]', want: { a: { d: value.a.d } } },
    { name: "nothing, where nothing is", expression: ".x.y[0].z", want: value },
    { name: "nothing, where it may not be", expression: ".x[]?.y", want: value },
    { name: "what cannot be iterated", expression: ".x[]", want: "fails" },
    { name: "a text function on a number", expression: '.a.d[] | select(.v | startswith("1"))', want: "fails" },
    { name: "a program", expression: ".a | to_entries", want: "needs jq" },
    { name: "a regular expression", expression: '.a.d[] | select(.name | test("^i"))', want: "needs jq" },
    { name: "recursion", expression: "..", want: "needs jq" },
  ])("$name: $expression", ({ expression, want }) => {
    expect(deleted(expression)).toEqual(want);
  });
});
