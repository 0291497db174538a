import { useState } from "react";

/** Tells screen readers when a text changes; not what it is at first, which they find for themselves. */
export function Announce({ text }: { text: string }) {
  const [before, setBefore] = useState(text);
  const [said, setSaid] = useState("");
  if (text !== before) {
    setBefore(text);
    setSaid(text);
  }
  return (
    <span role="status" className="hidden-text">
      {said}
    </span>
  );
}
