import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent, type RefAttributes } from "react";
import { pathOf, routeOf, type Route } from "./routes.ts";

const listeners = new Set<() => void>();
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
};
const here = (): string => location.pathname + location.search;

/** Goes to an address below the base, `applications?search=web`. */
export function go(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const url = new URL(to === "" ? "." : to, document.baseURI);
  history[replace ? "replaceState" : "pushState"](null, "", url.pathname + url.search);
  for (const listener of listeners) listener();
}

/** Where the page is, and the parameters of its address. */
export function useRoute(): { route: Route; parameters: URLSearchParams } {
  useSyncExternalStore(subscribe, here);
  return { route: routeOf(pathBelowBase()), parameters: new URLSearchParams(location.search) };
}

/** Changes parameters of the present address; undefined and empty ones go. */
export function setParameters(changes: Record<string, string | undefined>, options?: { replace?: boolean }): void {
  const parameters = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") parameters.delete(name);
    else parameters.set(name, value);
  }
  const query = parameters.toString();
  go(pathBelowBase().slice(1) + (query === "" ? "" : `?${query}`), options);
}

export function pathBelowBase(): string {
  const base = new URL(document.baseURI).pathname;
  return `/${location.pathname.startsWith(base) ? location.pathname.slice(base.length) : location.pathname.slice(1)}`;
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & RefAttributes<HTMLAnchorElement> & { to: Exclude<Route, { page: "unknown" }>; query?: string };

/** A link that changes the page without loading it; with a modifier key it does what browsers do. */
export function Link({ to, query = "", onClick, ...rest }: LinkProps) {
  const href = pathOf(to) + query;
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  };
  return <a {...rest} href={href} onClick={follow} />;
}
