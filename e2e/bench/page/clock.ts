import type { Page } from "playwright-core";

/** Runs in the page, before anything of its own: tells when something that holds has been painted, in milliseconds since navigation. */
const CLOCK = `
globalThis.painted = (holds) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("not painted within a minute: " + holds)), 60_000);
  const look = () => {
    if (!holds()) return false;
    observer.disconnect();
    // The frame that shows it is drawn before the next task.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(undefined);
    });
    return true;
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
  look();
});
globalThis.filtered = async (text, count) => {
  const input = document.querySelector("input[type=search]");
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text);
  const begun = performance.now();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return (await painted(() => document.querySelector(".count")?.textContent.startsWith(count))) - begun;
};
`;

export async function giveClock(page: Page): Promise<void> {
  await page.addInitScript({ content: CLOCK });
}

/** From navigation until `holds`, an expression of the page, was true and painted. */
export async function timeToPaint(page: Page, url: string, holds: string): Promise<number> {
  await page.goto(url, { waitUntil: "commit" });
  return (await page.evaluate(`painted(() => ${holds})`)) as number;
}

/** From typing into the search until the list shows how many are left. */
export async function timeToFilter(page: Page, text: string, count: string): Promise<number> {
  return (await page.evaluate(`filtered(${JSON.stringify(text)}, ${JSON.stringify(count)})`)) as number;
}

/** What is alive in the page after collecting what is not. */
export async function aliveIn(page: Page): Promise<{ megabytes: number; nodes: number }> {
  const session = await page.context().newCDPSession(page);
  // What one collection lets go may hold what the next one finds.
  for (let round = 0; round < 3; round++) await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  await session.detach();
  return { megabytes: usedSize / 2 ** 20, nodes };
}
