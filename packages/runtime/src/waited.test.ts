import { PassThrough } from "node:stream";
import { drained } from "./waited.ts";

describe(drained, () => {
  it("ends when the reader has taken what was written, as often as it is asked, and leaves no listener behind", async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    const listeners = (): number[] => ["drain", "close", "error"].map((event) => stream.listenerCount(event));
    const before = listeners();
    for (let count = 0; count < 3; count++) {
      expect(stream.write("much")).toBe(false);
      const waiting = drained(stream);
      stream.read();
      await waiting;
    }
    expect(listeners()).toEqual(before);
  });

  it("ends when the reader goes or has gone", async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    stream.write("much");
    const waiting = drained(stream);
    stream.destroy();
    await waiting;
    await drained(stream);
  });
});
