import type { Page } from "playwright-core";
import { until } from "./until.ts";

/** Presses a key and waits until the focus is on what it leads to: an object of the application, by its key, or a card of the picture by its name. */
export async function walk(page: Page, key: string, leadsTo: RegExp): Promise<void> {
  await page.keyboard.press(key);
  const focused = (): Promise<string | null> => page.evaluate<string | null>("document.activeElement?.getAttribute('data-card') ?? document.activeElement?.getAttribute('data-key') ?? null");
  await until(`${key} to lead to ${leadsTo}`, focused, (at) => leadsTo.test(at ?? "") || { notYet: String(at) }, 10_000);
}
