import { certificatesFrom } from "./certificates.ts";

const decoded = ({ certData, ...rest }: { certData: string }): object => ({ ...rest, data: atob(certData) });

describe("certificatesFrom", () => {
  it("takes a server's certificate as it is pasted", () => {
    expect(certificatesFrom("https", " git.test ", "-----BEGIN CERTIFICATE-----\nx\n").items.map(decoded)).toEqual([{ serverName: "git.test", certType: "https", certSubType: "", data: "-----BEGIN CERTIFICATE-----\nx" }]);
  });

  it("takes the lines of ssh-keyscan, comments left out, each host for itself", () => {
    expect(certificatesFrom("ssh", "", "# git.test:22 SSH-2.0\ngit.test,10.0.0.1 ssh-ed25519 AAAAC3Nz comment\n\n").items.map(decoded)).toEqual([
      { serverName: "git.test", certType: "ssh", certSubType: "ssh-ed25519", data: "AAAAC3Nz" },
      { serverName: "10.0.0.1", certType: "ssh", certSubType: "ssh-ed25519", data: "AAAAC3Nz" },
    ]);
  });

  it("names a line that is none", () => {
    expect(certificatesFrom("ssh", "", "git.test ssh-ed25519 AAAAC3Nz\ngit.test only-two")).toEqual({ items: [], problem: "git.test only-two" });
  });
});
