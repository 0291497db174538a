import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useServerSettings } from "../api/server-settings.ts";
import { useKept } from "../choice.ts";
import { useText } from "../i18n/text.tsx";
import { safeLink } from "./safe-link.ts";

/** What the operators tell everybody, above or below the page as the settings say; whoever has read it may put it away, unless it is to stay. */
export function Banners({ children }: { children: ReactNode }) {
  const { uiBannerContent = "", uiBannerURL, uiBannerPermanent = false, uiBannerPosition } = useServerSettings().data ?? {};
  const [read, setRead] = useKept("banner");
  const [away, setAway] = useState("");
  const isShown = uiBannerContent !== "" && (uiBannerPermanent || (read !== uiBannerContent && away !== uiBannerContent));
  const banner = isShown ? <Banner content={uiBannerContent} url={uiBannerURL} {...(!uiBannerPermanent && { onRead: () => setRead(uiBannerContent), onAway: () => setAway(uiBannerContent) })} /> : null;
  return (
    <>
      {uiBannerPosition !== "bottom" && banner}
      {children}
      {(uiBannerPosition === "bottom" || uiBannerPosition === "both") && <div className="banner-below">{banner}</div>}
    </>
  );
}

interface Props {
  content: string;
  url: string | undefined;
  onRead?: () => void;
  onAway?: () => void;
}

function Banner({ content, url, onRead, onAway }: Props) {
  const t = useText();
  const href = safeLink(url);
  return (
    <aside className="banner" aria-label={t("banner.title")}>
      <p>
        {href === undefined ? (
          content
        ) : (
          <a href={href} target="_blank" rel="noreferrer noopener">
            {content}
          </a>
        )}
      </p>
      {onAway !== undefined && (
        <span className="banner-actions">
          <Button variant="default" onClick={onAway}>
            {t("banner.away")}
          </Button>
          <Button variant="default" onClick={onRead}>
            {t("banner.read")}
          </Button>
        </span>
      )}
    </aside>
  );
}
