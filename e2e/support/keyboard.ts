import type { Locator, Page } from "playwright-core";

/** So many stops are no order any more. */
const MOST_STOPS = 120;

/** Somebody who has only a keyboard: goes by Tab alone, sees where they are, and never points at anything. */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.#page.keyboard.press(key)), Promise.resolve());
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text);
  }

  /** Tab by Tab to what has this role and name. Fails where the focus cannot be seen, or goes round without coming by. */
  async to(target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    await target.waitFor();
    const seen: string[] = [];
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      if (await isFocused(target)) return;
      await this.#page.keyboard.press(key);
      const { name, visible } = await focusOf(this.#page);
      seen.push(name);
      if (!visible) throw new Error(`the focus cannot be seen on ${name}, after ${seen.slice(-5).join(" → ")}`);
    }
    throw new Error(`Tab does not come by ${target}: ${[...new Set(seen)].join(" → ")}`);
  }

  /** Goes to a control and presses it. */
  async use(target: Locator, key: "Enter" | " " = "Enter"): Promise<void> {
    await this.to(target);
    await this.press(key);
  }

  /** Goes to a field and writes over what stands in it. */
  async fill(target: Locator, text: string): Promise<void> {
    await this.to(target);
    await this.press("Control+a");
    await this.type(text);
  }

  focused(): Promise<string> {
    return focusOf(this.#page).then(({ name }) => name);
  }
}

const isFocused = (target: Locator): Promise<boolean> => target.evaluate((element) => (element.getRootNode() as unknown as { activeElement: unknown }).activeElement === element);

/** What has the focus, into editors' own trees; and whether something shows that it has: an outline, a border or a shadow. */
async function focusOf(page: Page): Promise<{ name: string; visible: boolean }> {
  return (await page.evaluate(`(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (element === null || element === document.body) return { name: "nothing", visible: true };
    const shows = (one) => { const style = getComputedStyle(one); return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none"; };
    // A text field shows it by its border, a radio button on its label, an editor by its frame.
    const marked = (one) => (/INPUT|TEXTAREA/.test(one.tagName) && !/checkbox|radio/.test(one.type)) || one.closest(".cm-editor") !== null || (one.nextElementSibling !== null && shows(one.nextElementSibling));
    // A radio button is drawn by its label alone.
    const box = (element.type === "radio" && element.nextElementSibling ? element.nextElementSibling : element).getBoundingClientRect();
    const name = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent?.trim().slice(0, 40) ?? element.tagName;
    return { name: element.tagName.toLowerCase() + " " + name, visible: box.width > 0 && (shows(element) || marked(element)) };
  })()`)) as { name: string; visible: boolean };
}
