import { createTheme } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useChoice } from "./choice.ts";

// Popups that lock the page's scrolling would write a style element, which the content security policy forbids.
const still = { lockScroll: false, transitionProps: { duration: 0 } };

// The list of choices scrolls itself, instead of a box in it that the keys cannot reach.
const choices = { comboboxProps: { transitionProps: { duration: 0 } }, withScrollArea: false, classNames: { options: "choices" } };

export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: "sm",
  cursorType: "pointer",
  focusRing: "auto",
  components: {
    Modal: { defaultProps: { ...still, centered: true, overlayProps: { backgroundOpacity: 0.4 } } },
    Drawer: { defaultProps: { ...still, position: "right", overlayProps: { backgroundOpacity: 0.3 } } },
    Menu: { defaultProps: { transitionProps: { duration: 0 }, shadow: "md" } },
    Popover: { defaultProps: { transitionProps: { duration: 0 } } },
    Autocomplete: { defaultProps: choices },
    MultiSelect: { defaultProps: choices },
    Select: { defaultProps: choices },
    TagsInput: { defaultProps: choices },
    Button: { defaultProps: { size: "xs" } },
    // What may be left empty says so; the rest is asked for.
    InputWrapper: { defaultProps: { withAsterisk: false } },
    TextInput: { defaultProps: { size: "sm" } },
  },
});

export const SCHEMES = ["system", "light", "dark"] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Light or dark: the reader's choice, else the system's. */
export function useScheme(): "light" | "dark" {
  const [choice] = useChoice("scheme", SCHEMES);
  const system = useSyncExternalStore(
    (listener) => {
      const query = matchMedia("(prefers-color-scheme: dark)");
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"),
  );
  return choice === "system" ? system : choice;
}
