import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

const compress = promisify(gzip);

/** Shorter answers are one packet anyway. */
const SHORTEST_BYTES = 1_400;
/** Made once for a text that is sent again. */
const made = new WeakMap<Buffer, Promise<Buffer>>();

/** Whether a client takes gzip: named, or everything asked for, and not refused by `q=0` (RFC 9110 §12.5.3). */
export function acceptsGzip(header: string | undefined): boolean {
  const codings = new Map(
    (header ?? "").toLowerCase().split(",").map((part) => {
      const [coding = "", ...parameters] = part.split(";").map((text) => text.trim());
      const quality = parameters.find((parameter) => parameter.startsWith("q="));
      return [coding, quality === undefined || Number(quality.slice(2)) > 0];
    }),
  );
  return codings.get("gzip") ?? codings.get("*") ?? false;
}

/** The compressed text, or undefined where that is not worth it. */
export async function gzipped(text: Buffer): Promise<Buffer | undefined> {
  if (text.length < SHORTEST_BYTES) return undefined;
  let bytes = made.get(text);
  if (bytes === undefined) made.set(text, (bytes = compress(text, { level: constants.Z_BEST_SPEED })));
  return bytes;
}
