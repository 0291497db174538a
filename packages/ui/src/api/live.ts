import { address } from "./client.ts";
import { connectionChanged } from "./connection.ts";

export interface Following<T> {
  path: string;
  parameters?: Record<string, string | undefined>;
  /** The stream is open: everything that happens from now on arrives. Called again after each gap. */
  onOpen?: () => void;
  onEvent: (event: T) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Follows one stream of the server until the returned function is called. A lost stream is opened again with growing
 * pauses; a hidden page gives its connection back, since browsers allow only six to a server, and takes it up when it
 * is looked at.
 */
export function follow<T>({ path, parameters, onOpen, onEvent }: Following<T>): () => void {
  const id = Symbol(path);
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;

  const close = (): void => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const open = (): void => {
    close();
    const opened = (source = new EventSource(new URL(address(path, parameters), document.baseURI)));
    opened.onopen = () => {
      wait = FIRST_WAIT_MS;
      connectionChanged(id, true);
      onOpen?.();
    };
    opened.onmessage = ({ data }: MessageEvent<string>) => {
      const { result } = JSON.parse(data) as { result?: T };
      if (result !== undefined) onEvent(result);
    };
    opened.onerror = () => {
      close();
      connectionChanged(id, false);
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
  };
  const onVisibility = (): void => (document.hidden ? close() : open());

  document.addEventListener("visibilitychange", onVisibility);
  if (!document.hidden) open();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    close();
    connectionChanged(id, undefined);
  };
}
