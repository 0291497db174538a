import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { Prepared, type Services } from "../src/index.ts";
import { acceptsGzip } from "../src/public/compression.ts";
import { anApplication, APPLICATION, serve } from "./_door.ts";

describe(acceptsGzip, () => {
  test.each([
    { header: undefined, want: false },
    { header: "gzip, deflate, br", want: true },
    { header: "br;q=1.0, GZIP;q=0.5", want: true },
    { header: "gzip;q=0, *", want: false },
    { header: "*", want: true },
    { header: "identity", want: false },
  ])("$header: $want", ({ header, want }) => {
    expect(acceptsGzip(header)).toBe(want);
  });
});

describe("long answers over REST", () => {
  const applications = Array.from({ length: 100 }, (_, index) => new Prepared(APPLICATION, anApplication(`web-${index}`)));
  const listing = (items: () => Prepared[]): Services => ({ "application.ApplicationService": { List: async () => ({ metadata: { resourceVersion: "7" }, items: items() }), Get: async () => anApplication("web") } });

  it("are compressed for those who take it, and the same for those who do not", async () => {
    const { url } = await serve(listing(() => applications));
    const plain = await get(`${url}/api/v1/applications`);
    const small = await get(`${url}/api/v1/applications`, "gzip");
    expect([plain.headers["content-encoding"], plain.headers.vary]).toEqual([undefined, "Accept-Encoding"]);
    expect([small.headers["content-encoding"], small.headers.vary]).toEqual(["gzip", "Accept-Encoding"]);
    expect(small.body.length).toBeLessThan(plain.body.length / 10);
    expect(gunzipSync(small.body)).toEqual(plain.body);
    expect(JSON.parse(plain.body.toString()).items).toHaveLength(100);
  });

  it("are left as they are where they are short, and where compression is switched off", async () => {
    const { url } = await serve(listing(() => applications));
    expect((await get(`${url}/api/v1/applications/web`, "gzip")).headers["content-encoding"]).toBeUndefined();
    const off = await serve(listing(() => applications), { gzip: false });
    const { headers } = await get(`${off.url}/api/v1/applications`, "gzip");
    expect([headers["content-encoding"], headers.vary]).toEqual([undefined, undefined]);
  });

  it("show every change, whatever was kept of the answers before", async () => {
    let items = [...applications];
    const { url } = await serve(listing(() => items));
    const names = async (fields = ""): Promise<string[]> => JSON.parse((await get(`${url}/api/v1/applications${fields}`)).body.toString()).items.map((item: any) => item.metadata.name);
    expect(await names()).toHaveLength(100);
    items = items.with(3, new Prepared(APPLICATION, anApplication("changed")));
    expect((await names())[3]).toBe("changed");
    items = items.slice(0, 60);
    expect(await names()).toHaveLength(60);
    expect((await get(`${url}/api/v1/applications?fields=items.metadata.name`)).body.toString()).not.toContain("repoURL");
    expect((await get(`${url}/api/v1/applications`)).body.toString()).toContain("repoURL");
  });

  it("are serialised once for as long as nothing changes", async () => {
    let made = 0;
    class Counted extends Prepared {
      override get text(): Buffer {
        made++;
        return super.text;
      }
    }
    const counted = Array.from({ length: 100 }, (_, index) => new Counted(APPLICATION, anApplication(`web-${index}`)));
    const { url } = await serve(listing(() => [...counted]));
    for (let times = 0; times < 3; times++) await get(`${url}/api/v1/applications`, "gzip");
    expect(made).toBe(100);
  });
});

/** As the bytes come: fetch would unpack them. */
function get(url: string, encoding = "identity"): Promise<{ headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { "accept-encoding": encoding } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(chunks) })).on("error", reject);
    }).on("error", reject).end();
  });
}
