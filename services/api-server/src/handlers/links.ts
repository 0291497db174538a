import type { DeepLink } from "@trireme/settings";

const PLACE = /\{\{\s*-?\s*\.([A-Za-z0-9_.]+)\s*-?\s*\}\}/g;

/**
 * Links whose template only names fields (`{{.application.metadata.name}}`), filled in. Links with a
 * condition or with template functions are left out rather than shown wrong.
 */
export function plainLinks(links: readonly DeepLink[], values: Record<string, unknown>) {
  const items = links.flatMap((link) => {
    if (link.if !== undefined && link.if !== "") return [];
    const url = filled(link.url, values);
    const title = filled(link.title, values);
    if (url === undefined || title === undefined || !/^https?:\/\//i.test(url)) return [];
    return [{ title, url, ...(link.description && { description: link.description }), ...(link["icon.class"] && { iconClass: link["icon.class"] }) }];
  });
  return items.length === 0 ? {} : { items };
}

function filled(template: string, values: Record<string, unknown>): string | undefined {
  const text = template.replace(PLACE, (_whole, path: string) => {
    const value = path.split(".").reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined), values);
    return value === undefined || value === null ? "" : encodeURI(String(value));
  });
  return text.includes("{{") ? undefined : text;
}
