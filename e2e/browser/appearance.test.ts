import type { Browser } from "playwright-core";
import { accessibilityProblems, describePage, openWindow, signInto } from "../support/browser.ts";
import { sharedStack, type Stack } from "../support/stack.ts";

const VIEWS = ["applications", "applications?new=true", "settings", "settings/repos", "settings/repos?addRepo=true", "nowhere"];

/** Every view that needs no application, in both languages, light and dark, wide and narrow. */
await describePage("the page for everyone", (launch) => {
  let stack: Stack;
  let chromium: Browser;
  beforeAll(async () => {
    stack = await sharedStack();
    chromium = await launch();
  }, 120_000);
  afterAll(() => chromium?.close());

  test.each([
    { locale: "en-GB", colorScheme: "light", width: 1280, title: "Applications" },
    { locale: "ko-KR", colorScheme: "dark", width: 390, title: "애플리케이션" },
    { locale: "fr-FR", colorScheme: "dark", width: 1280, title: "Applications" },
    { locale: "ko-KR", colorScheme: "light", width: 640, title: "애플리케이션" },
  ] as const)("speaks and looks as the system: $locale, $colorScheme, $width px", async ({ locale, colorScheme, width, title }) => {
    const { page, complaints, close } = await openWindow(chromium, { locale, colorScheme, viewport: { width, height: 800 } });
    await page.goto(`${stack.url}/login`);
    await page.locator("input[name=password]").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await signInto(page, stack);
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe(locale === "ko-KR" ? "ko" : "en");
    expect(await page.locator("html").getAttribute("data-mantine-color-scheme")).toBe(colorScheme);
    for (const view of VIEWS) {
      await page.goto(`${stack.url}/${view}`);
      await page.locator(view.includes("?") ? "[role=dialog] form" : "#content > *").first().waitFor();
      expect({ view, problems: await accessibilityProblems(page) }).toEqual({ view, problems: [] });
      // Nothing is cut off at the side.
      expect({ view, wider: await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") }).toEqual({ view, wider: 0 });
    }
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);

  it("keeps what the reader chose, and works by keys alone", async () => {
    const { page, complaints, close } = await openWindow(chromium, { colorScheme: "light" });
    await signInto(page, stack);
    await page.getByRole("searchbox").waitFor();
    await page.keyboard.press("/");
    expect(await page.getByRole("searchbox").evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.getByRole("heading", { name: "Repositories", level: 1 }).waitFor();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await help.getByText("Show this help").waitFor();
    // Of the page's own keys there are none here.
    expect(await help.getByText("Create an application").count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    // Whoever skips what stands around the page is in it, and whoever goes on to another page too.
    const inContent = (): Promise<boolean> => page.locator("#content").evaluate((element) => element.contains(element.ownerDocument.activeElement));
    await page.keyboard.press("Tab");
    await page.getByRole("link", { name: "Applications", exact: true }).focus();
    expect(await inContent()).toBe(false);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Applications", level: 1 }).waitFor();
    expect(await inContent()).toBe(true);
    await page.keyboard.press("?");
    await help.getByText("Create an application").waitFor();
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Search or run…" });
    await palette.getByRole("combobox").pressSequentially("acc");
    await palette.getByRole("option", { selected: true }).filter({ hasText: "Accounts" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Accounts", level: 1 }).waitFor();
    await page.keyboard.press("Control+k");
    await palette.getByRole("combobox").pressSequentially("nothing is called so");
    await palette.getByText("Nothing matches").waitFor();
    await page.keyboard.press("Escape");
    await palette.waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    // Typed in the other language, too, and faster than the list follows.
    const machine = await page.context().newCDPSession(page);
    await machine.send("Emulation.setCPUThrottlingRate", { rate: 12 });
    await palette.getByRole("combobox").pressSequentially("저장소 연결");
    await page.keyboard.press("Enter");
    await machine.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    await page.getByRole("dialog").getByLabel("Repository URL").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Signed in as admin" }).click();
    await page.getByRole("menuitem", { name: "Dark" }).click();
    await page.getByRole("button", { name: "Signed in as admin" }).click();
    await page.getByRole("menuitem", { name: "한국어" }).click();
    await page.reload();
    await page.getByRole("heading", { name: "저장소", level: 1 }).waitFor();
    expect(await page.locator("html").getAttribute("data-mantine-color-scheme")).toBe("dark");
    await page.getByRole("button", { name: "admin" }).click();
    await page.getByRole("menuitem", { name: "로그아웃" }).click();
    await page.locator("input[name=password]").waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);

  it("loads little at first: less than 250 kB of script, compressed", async () => {
    const { page, close } = await openWindow(chromium);
    const sizes: Promise<number>[] = [];
    page.on("requestfinished", (request) => void (request.resourceType() === "script" && sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))));
    await signInto(page, stack);
    await page.getByRole("heading", { name: "Applications", level: 1 }).waitFor();
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThan(250_000);
    await close();
  }, 60_000);
});
