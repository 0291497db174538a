import { createContext, useContext, useEffect, type ReactNode } from "react";
import { useChoice } from "../choice.ts";
import { words } from "./words.ts";

export type TextKey = keyof typeof words;
export type Text = (key: TextKey, values?: Record<string, string | number>) => string;
export type Language = "en" | "ko";

export const LANGUAGES = ["system", "en", "ko"] as const;
/** Where a language stands in each entry. */
const PLACE: Record<Language, 0 | 1> = { en: 0, ko: 1 };

const Context = createContext<{ text: Text; language: Language }>({ text: textIn("en"), language: "en" });

/** Every label of the page, in the reader's language. */
export function TextProvider({ children }: { children: ReactNode }) {
  const [choice] = useChoice("language", LANGUAGES);
  const language = choice === "system" ? systemLanguage() : choice;
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <Context value={{ text: textIn(language), language }}>{children}</Context>;
}

export const useText = (): Text => useContext(Context).text;
export const useLanguage = (): Language => useContext(Context).language;

/** How the reader's own part of the world writes times, where its language is the one that is shown. */
export function useLocale(): string {
  const language = useLanguage();
  return navigator.languages.find((tag) => tag.slice(0, 2) === language) ?? language;
}

/** `{name}` in a text is replaced by the value of that name. */
export function textIn(language: Language): Text {
  return (key, values = {}) => words[key][PLACE[language]].replaceAll(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** True where the catalogue has this key: for words that the server chooses. */
export const isTextKey = (key: string): key is TextKey => key in words;

function systemLanguage(): Language {
  return navigator.languages.map((tag) => tag.slice(0, 2)).find((tag): tag is Language => tag in PLACE) ?? "en";
}
