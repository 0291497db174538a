import { EnvironmentReader } from "./config.ts";

describe(EnvironmentReader, () => {
  it("reads what is set and falls back where nothing is", () => {
    const env = new EnvironmentReader({ PORT: "8081", FLAG: "T", WAIT: "90s", NAMES: "a, b,,c", EMPTY: "" });
    const config = { port: env.port("PORT", 1), flag: env.boolean("FLAG", false), wait: env.duration("WAIT", 1), names: env.list("NAMES"), empty: env.text("EMPTY", "fallback"), absent: env.integer("ABSENT", 7) };
    expect(env.finish(config)).toEqual({ port: 8081, flag: true, wait: 90_000, names: ["a", "b", "c"], empty: "fallback", absent: 7 });
    expect([...env.asked]).toContain("ABSENT");
  });

  test.each([
    { text: "0", want: 0 },
    { text: "30", want: 30_000 },
    { text: "-1", want: -1000 },
    { text: "1h15m30.5s", want: 4_530_500 },
    { text: "-250ms", want: -250 },
    { text: ".5h", want: 1_800_000 },
    { text: "100us", want: 0.1 },
    { text: "2µs", want: 0.002 },
    { text: "s", want: undefined },
    { text: ".s", want: undefined },
    { text: "5 m", want: undefined },
    { text: "5minutes", want: undefined },
    { text: "1.2.3s", want: undefined },
  ])("takes $text for a duration of $want ms", ({ text, want }) => {
    const env = new EnvironmentReader({ WAIT: text });
    const read = env.duration("WAIT", 7);
    if (want === undefined) expect(() => env.finish({})).toThrow("WAIT must be a duration");
    else expect(env.finish(read)).toBeCloseTo(want, 9);
  });

  it("names every bad variable at once, with what it should be", () => {
    const env = new EnvironmentReader({ PORT: "abc", FLAG: "maybe", WAIT: "soon", LEVEL: "loud" });
    env.port("PORT", 1);
    env.boolean("FLAG", false);
    env.duration("WAIT", 1);
    env.oneOf("LEVEL", ["debug", "info"], "info");
    env.required("SERVER", "the repo-server's host:port");
    expect(() => env.finish({})).toThrow(
      ['PORT must be a whole number from 0 to 65535, got "abc"', 'FLAG must be true or false, got "maybe"', 'WAIT must be a duration such as 30s or 5m, got "soon"', 'LEVEL must be one of debug, info, got "loud"', "SERVER must be set: the repo-server's host:port"].join("\n"),
    );
  });
});
