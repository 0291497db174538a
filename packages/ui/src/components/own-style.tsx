import { useEffect } from "react";
import { useServerSettings } from "../api/server-settings.ts";

/** The operators' own style sheet, after the page's. The content security policy lets in what the settings name, and nothing else. */
export function OwnStyle() {
  const url = useServerSettings().data?.uiCssURL;
  useEffect(() => {
    if (url === undefined || url === "" || !URL.canParse(url, document.baseURI)) return;
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = new URL(url, document.baseURI).href;
    document.head.append(sheet);
    return () => sheet.remove();
  }, [url]);
  return null;
}
