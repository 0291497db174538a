/**
 * Calls `ask` when nothing was heard for `silenceMs`, at the earliest so long after now, and again after each further
 * silence of that length. What is heard moves it by as much, and no further. Returns the way to stop.
 * @param heardAt when something was heard last, as `performance.now()` tells it.
 */
export function onSilence(silenceMs: number, heardAt: () => number, ask: () => void): () => void {
  let timer = setTimeout(look, silenceMs);
  function look(): void {
    // A timer may end a moment early too.
    const leftMs = silenceMs - (performance.now() - heardAt());
    timer = setTimeout(look, leftMs > 0 ? Math.ceil(leftMs) : silenceMs);
    if (leftMs <= 0) ask();
  }
  return () => clearTimeout(timer);
}
