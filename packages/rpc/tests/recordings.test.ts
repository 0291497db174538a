import { readFileSync } from "node:fs";
import { decode } from "../src/json/decode.ts";
import { encode } from "../src/json/encode.ts";
import { shape } from "../src/json/shape.ts";
import { publicContract, type PublicMethod } from "../src/public/contract.ts";
import { requestOf } from "../src/public/request.ts";
import { compileTemplate, pathSegments } from "../src/public/route.ts";

interface Exchange {
  n: number;
  name: string;
  request: { method: string; path: string; body?: unknown };
  response: { status: number; body?: unknown; text?: string };
}

const { exchanges } = JSON.parse(readFileSync(new URL("../../../e2e/recorded/argo-cd-3.5.1-rest.json", import.meta.url), "utf8")) as { exchanges: Exchange[] };

function routed({ request }: Exchange): { method: PublicMethod; input: Parameters<typeof requestOf>[1] } | undefined {
  const url = new URL(request.path.replaceAll("<", "%3C").replaceAll(">", "%3E"), "http://host");
  for (const method of publicContract().methods.toReversed()) {
    for (const rule of method.http.filter(({ verb }) => verb === request.method)) {
      const pathValues = compileTemplate(rule.template).match(pathSegments(url.pathname));
      const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
      if (pathValues) return { method, input: { rule, pathValues, query: url.searchParams, body } };
    }
  }
  return undefined;
}

const calls = exchanges.flatMap((exchange) => {
  const route = routed(exchange);
  return route ? [{ title: `${exchange.n} ${exchange.name}`, exchange, ...route }] : [];
});

describe("recorded answers of Argo CD", () => {
  const answered = calls.filter(({ exchange, method }) => exchange.response.status === 200 && typeof exchange.response.body === "object" && !method.responseStream && !exchange.request.path.includes("fields="));

  it("are covered in number", () => {
    expect(answered.length).toBeGreaterThan(60);
  });

  test.each(answered)("$title: stays the same through JSON, bytes and JSON", ({ method, exchange }) => {
    const body = exchange.response.body;
    expect(shape(method.response, body)).toEqual(body);
    expect(decode(method.response, encode(method.response, body))).toEqual(body);
  });

  test.each(calls.filter(({ exchange }) => exchange.response.text))("$title: each event does too", ({ method, exchange }) => {
    const events = exchange.response.text!.split("\n").filter((line) => line.startsWith("data: "));
    expect(events.length).toBeGreaterThan(3);
    for (const event of events) {
      const { result } = JSON.parse(event.slice("data: ".length)) as { result: unknown };
      expect(decode(method.response, encode(method.response, result))).toEqual(result);
    }
  });

  test.each(calls.filter(({ exchange }) => exchange.response.status === 200))("$title: its request survives the wire", ({ method, input }) => {
    const request = requestOf(method, input);
    expect(decode(method.request, encode(method.request, request))).toEqual(request);
  });
});
