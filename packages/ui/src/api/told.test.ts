import { QueryClient } from "@tanstack/react-query";
import { toldOf } from "./told.ts";

const KEY = ["application", "", "web", "tree"];

describe("what is asked for and told", () => {
  it("is the answer where nothing was told since the question", async () => {
    const { queries, ask } = given();
    toldOf(queries).tell(KEY, "told before");
    const { answer, answered } = ask();
    answer("answered");
    expect(await answered).toBe("answered");
  });

  it("is what was told since the question, however late the answer", async () => {
    const { queries, ask } = given();
    const { answer, answered } = ask();
    toldOf(queries).tell(KEY, "told");
    toldOf(queries).tell(["another"], "not this one");
    answer("answered");
    expect(await answered).toBe("told");
    expect(queries.getQueryData(KEY)).toBe("told");
  });
});

function given() {
  const queries = new QueryClient();
  return {
    queries,
    /** Asks as a page does; the answer comes when it is given. */
    ask() {
      const { promise, resolve } = Promise.withResolvers<string>();
      return { answer: resolve, answered: queries.fetchQuery({ queryKey: KEY, queryFn: ({ queryKey }) => toldOf(queries).unlessTold(queryKey, () => promise) }) };
    },
  };
}
