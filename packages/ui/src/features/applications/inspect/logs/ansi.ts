export interface Piece {
  text: string;
  /** 0–7 as terminals count colours; undefined: the usual one. */
  colour: number | undefined;
  bold: boolean;
}

const SEQUENCE = /\u001b\[([0-9;]*)([A-Za-z])/g;
const OTHER_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A line's text by its colours; what else terminals are told is left out. */
export function piecesOf(line: string): Piece[] {
  if (!line.includes("\u001b")) return [{ text: line.replaceAll(OTHER_CONTROL, ""), colour: undefined, bold: false }];
  const pieces: Piece[] = [];
  let colour: number | undefined;
  let bold = false;
  let at = 0;
  const push = (text: string): void => {
    const clean = text.replaceAll(OTHER_CONTROL, "");
    if (clean !== "") pieces.push({ text: clean, colour, bold });
  };
  for (const match of line.matchAll(SEQUENCE)) {
    push(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] !== "m") continue;
    for (const code of (match[1] || "0").split(";").map(Number)) {
      if (code === 0) [colour, bold] = [undefined, false];
      else if (code === 1) bold = true;
      else if (code === 22) bold = false;
      else if (code === 39) colour = undefined;
      else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) colour = code % 10;
    }
  }
  push(line.slice(at));
  return pieces;
}

export const plainText = (line: string): string => piecesOf(line).map(({ text }) => text).join("");
