/** What Go's converter of maps says where its JSON decoder says `json: cannot unmarshal array into Go struct field … of type v1.DeploymentSpec`. */
export function restoreError(message: string): string {
  const match = /^json: cannot unmarshal (\S+)(?: \S+)? into Go .* of type (\S+)$/.exec(message);
  if (!match) return message;
  const from = { array: "slice", object: "map", bool: "bool", string: "string", number: "int64" }[match[1]!] ?? match[1]!;
  const to = match[2]!;
  if (to.startsWith("[]")) return `cannot restore slice from ${from}`;
  if (to.startsWith("map[")) return `cannot restore map from ${from}`;
  return to.includes(".") ? `cannot restore struct from: ${from}` : `cannot convert ${from} to ${to}`;
}
