import { startStack, type OwnStack } from "../support/stack.ts";
import { recording, verdicts, type Exchange, type Verdict } from "./exchanges.ts";
import { prepareReplay, type Outcome, type Replay } from "./replay.ts";

const { exchanges, ...recorded } = await recording();
const judged = await verdicts();

/**
 * Exchanges with a running Argo CD 3.5.1, sent in order to this product's own door. For each, status,
 * code, message and the shape of the body are the same, or differ exactly as `verdicts.json` says and why.
 */
describe("recorded exchanges with Argo CD 3.5.1", () => {
  let stack: OwnStack;
  let replay: Replay;

  beforeAll(async () => {
    stack = await startStack();
    replay = await prepareReplay(stack, { ...recorded, exchanges });
  }, 120_000);
  afterAll(async () => {
    await replay?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  test.each(exchanges.map((exchange) => ({ exchange, n: exchange.n, name: exchange.name })))("$n $name", async ({ exchange }) => {
    const verdict = judged.get(exchange.n);
    if (verdict === undefined) throw new Error(`exchange ${exchange.n} has no verdict in verdicts.json`);
    const outcome = await replay.send(exchange);
    if (verdict.verdict !== "later") expect(factsOf(outcome, verdict)).toEqual(expected(exchange, verdict));
  }, 60_000);
});

function factsOf({ status, contentType, code, message, differs }: Outcome, { may = [] }: Verdict) {
  return { status, contentType, code, message, differs: differs.filter((one) => !may.includes(one)) };
}

function expected({ response }: Exchange, verdict: Verdict) {
  const { status, headers, body } = response;
  const failed = typeof body === "object" && body !== null && "error" in body && "code" in body;
  const contentType = headers["content-type"] ?? "";
  const isText = typeof body === "string" && !contentType.startsWith("image/");
  return {
    status: verdict.status ?? status,
    contentType: verdict.status === undefined ? contentType : expect.any(String),
    code: verdict.status === undefined ? (failed ? body.code : undefined) : verdict.status >= 400 ? expect.any(Number) : undefined,
    message: verdict.message ?? (verdict.status !== undefined ? undefined : failed ? body.message : isText ? body : undefined),
    differs: verdict.differs ?? [],
  };
}
