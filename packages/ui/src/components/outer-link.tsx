import { outerLink } from "./safe-link.ts";

interface Props {
  /** `https://…`, or with its title in front as annotations may have it: `Guide|https://…`. */
  url?: string | undefined;
  title?: string | undefined;
  description?: string | undefined;
}

/** A way out of the page that others wrote; nothing where it leads to anything but a page or a mailbox. */
export function OuterLink({ url, title, description }: Props) {
  const link = outerLink(url);
  if (link === undefined) return null;
  return (
    <a href={link.href} target="_blank" rel="noreferrer noopener" title={description}>
      {title || link.title}
    </a>
  );
}
