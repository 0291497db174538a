import { firstItems } from "./first-items.ts";

const item = (index: number, more: object = {}) => ({ metadata: { name: `web-${index}` }, spec: { source: { path: "x".repeat(400) } }, ...more });
const LIST = Array.from({ length: 300 }, (_, index) => item(index));
const names = (items: { metadata: { name: string } }[] | undefined) => items?.map(({ metadata }) => metadata.name);

describe("the first items of a list", () => {
  it.each([45_000, 60_000, 100_000])("are those that the first %s characters hold whole", (length) => {
    const found = names(firstItems(JSON.stringify({ items: LIST, metadata: {} }).slice(0, length)));
    expect(found!.length).toBeGreaterThan(80);
    expect(found).toEqual(names(LIST.slice(0, found!.length)));
  });

  it("are none while little is there, and none of another text", () => {
    expect(firstItems(JSON.stringify({ items: LIST }).slice(0, 10_000))).toBeUndefined();
    expect(firstItems(JSON.stringify({ metadata: {}, items: LIST }))).toBeUndefined();
    expect(firstItems(JSON.stringify({ items: null, message: "x".repeat(50_000) }))).toBeUndefined();
  });

  it("end with no part of an item that looks like several", () => {
    const values = Array.from({ length: 200 }, (_, index) => item(index));
    const text = JSON.stringify({ items: [...LIST.slice(0, 80), item(80, { values })] });
    // Within the last item.
    expect(firstItems(text.slice(0, text.length - 20_000))).toBeUndefined();
    const quoted = JSON.stringify({ items: [...LIST.slice(0, 90), item(90, { text: JSON.stringify([LIST[0], LIST[1]]) }), LIST[91]] });
    expect(names(firstItems(quoted))).toHaveLength(91);
  });
});
