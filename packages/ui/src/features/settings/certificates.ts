export interface Certificate {
  serverName: string;
  certType: string;
  certSubType?: string;
  certInfo?: string;
}

interface CertificateToAdd {
  serverName: string;
  certType: "ssh" | "https";
  certSubType: string;
  /** Base64, as the API's bytes are. */
  certData: string;
}

/**
 * What is sent for a pasted PEM or for lines of a known_hosts file (`host[,host] type key`, as ssh-keyscan prints
 * them); `problem` is a line that is none.
 */
export function certificatesFrom(kind: "ssh" | "https", server: string, data: string): { items: CertificateToAdd[]; problem?: string } {
  if (kind === "https") return { items: [{ serverName: server.trim(), certType: "https", certSubType: "", certData: base64(data.trim()) }] };
  const lines = data.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  const problem = lines.find((line) => !/^\S+ \S+ [A-Za-z0-9+/=]+(\s.*)?$/.test(line));
  if (problem !== undefined) return { items: [], problem };
  const items = lines.flatMap((line) => {
    const [hosts = "", certSubType = "", key = ""] = line.split(/\s+/);
    return hosts.split(",").map((serverName): CertificateToAdd => ({ serverName, certType: "ssh", certSubType, certData: base64(key) }));
  });
  return { items };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
