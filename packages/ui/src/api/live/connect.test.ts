import { createFrames } from "./connect.ts";

describe("the text of server-sent events", () => {
  it("is read in whatever pieces it comes", () => {
    const text = ':\ndata: {"a":1} \n\n\ndata: {"b":2} \n\n\n:\n';
    for (let size = 1; size <= text.length; size++) {
      const frames = createFrames();
      const found: string[] = [];
      for (let at = 0; at < text.length; at += size) found.push(...frames(text.slice(at, at + size)));
      expect(found).toEqual(['{"a":1}', '{"b":2}']);
    }
  });
});
