import { aWorld, type WorldOptions } from "./context.ts";

const BANNER = { "ui.bannercontent": "Moving tonight", "ui.bannerurl": "https://status.example.com/", "ui.bannerpermanent": "true", "ui.bannerposition": "both" };
const SHOWN = { uiBannerContent: "Moving tonight", uiBannerURL: "https://status.example.com/", uiBannerPermanent: true, uiBannerPosition: "both" };

/** The settings as somebody gets them; `who` is an account, or nobody. */
async function settingsOf(config: Record<string, string>, who?: string, more: WorldOptions = {}): Promise<any> {
  const world = aWorld({ config, ...more });
  return world.call("cluster.SettingsService", "Get", {}, who === undefined ? {} : { token: await world.tokenFor(who) });
}

/** As Argo CD 3.5.1 gives them (server/settings/settings.go, util/settings/settings.go). */
describe("the settings that a page asks for", () => {
  test.each([
    { name: "nothing", config: {}, help: { chatUrl: undefined, chatText: "", binaryUrls: {} } },
    { name: "where to ask, in Argo CD's words", config: { "help.chatUrl": "https://chat.example.com/" }, help: { chatUrl: "https://chat.example.com/", chatText: "Chat now!", binaryUrls: {} } },
    { name: "where to ask, in words of one's own", config: { "help.chatUrl": "https://chat.example.com/", "help.chatText": "Ask us" }, help: { chatUrl: "https://chat.example.com/", chatText: "Ask us", binaryUrls: {} } },
    { name: "words alone, which lead nowhere", config: { "help.chatText": "Ask us" }, help: { chatUrl: undefined, chatText: "", binaryUrls: {} } },
    { name: "no words, where they are taken away", config: { "help.chatUrl": "https://chat.example.com/", "help.chatText": "" }, help: { chatUrl: "https://chat.example.com/", chatText: "", binaryUrls: {} } },
    { name: "downloads, for the platforms there are", config: { "help.download.linux-arm64": "https://get.example.com/arm", "help.download.darwin-arm64": "https://get.example.com/mac", "help.download.plan9-386": "https://get.example.com/plan9" }, help: { chatUrl: undefined, chatText: "", binaryUrls: { "darwin-arm64": "https://get.example.com/mac", "linux-arm64": "https://get.example.com/arm" } } },
  ])("help everybody with $name", async ({ config, help }) => {
    expect((await settingsOf(config)).help).toEqual(help);
    expect((await settingsOf(config, "bob")).help).toEqual(help);
  });

  it("show the banner to everybody who is let in", async () => {
    expect(await settingsOf(BANNER, "bob")).toMatchObject(SHOWN);
    expect(await settingsOf({ ...BANNER, "users.anonymous.enabled": "true" })).toMatchObject(SHOWN);
    expect(await settingsOf(BANNER, undefined, { env: { ARGOCD_SERVER_DISABLE_AUTH: "true" } })).toMatchObject(SHOWN);
  });

  it.each(["yes", "1", "True", "false", ""])("take a banner that is permanent for %j as one that may be put away", async (text) => {
    expect((await settingsOf({ ...BANNER, "ui.bannerpermanent": text }, "bob")).uiBannerPermanent).toBe(false);
  });

  it("tell strangers nothing of it, nor of what else is for those who are let in", async () => {
    const told = await settingsOf({ ...BANNER, "exec.enabled": "true", "kustomize.buildOptions": "--enable-helm", "resource.customizations.health.apps_Deployment": "return {}" });
    for (const key of [...Object.keys(SHOWN), "controllerNamespace", "resourceOverrides", "passwordPattern"]) expect([key, told[key]]).toEqual([key, undefined]);
    expect(told).toMatchObject({ execEnabled: false, kustomizeOptions: { BuildOptions: "" } });
  });
});
