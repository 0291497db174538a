import { X509Certificate } from "node:crypto";
import { createClusterKeys } from "./certificates.ts";

describe(createClusterKeys, () => {
  const now = Date.parse("2026-11-28T12:00:00Z");
  const keys = createClusterKeys(now);
  const [ca, server, admin] = [keys.ca, keys.server, keys.admin].map(({ cert }) => new X509Certificate(cert)) as [X509Certificate, X509Certificate, X509Certificate];

  it("makes an authority that has signed both others", () => {
    expect(ca.ca).toBe(true);
    expect([server.ca, admin.ca]).toEqual([false, false]);
    for (const certificate of [ca, server, admin]) {
      expect(certificate.verify(ca.publicKey)).toBe(true);
      expect(certificate.checkIssued(ca)).toBe(true);
    }
    expect(server.verify(admin.publicKey)).toBe(false);
  });

  it("says who is who, where, until when and what for", () => {
    expect(admin.subject).toBe("O=system:masters\nCN=kubernetes-admin");
    expect([server.checkHost("kubernetes.default.svc"), server.checkIP("127.0.0.1"), server.checkHost("elsewhere.test")]).toEqual(["kubernetes.default.svc", "127.0.0.1", undefined]);
    expect([server.validFromDate, server.validToDate].map((date) => date.toISOString())).toEqual(["2026-11-28T11:00:00.000Z", "2036-11-25T12:00:00.000Z"]);
    expect([server.keyUsage, admin.keyUsage]).toEqual([["1.3.6.1.5.5.7.3.1"], ["1.3.6.1.5.5.7.3.2"]]);
  });

  it("gives each its own key", () => {
    expect(new Set([keys.ca.key, keys.server.key, keys.admin.key, keys.tokenKey]).size).toBe(4);
    expect(new Set([ca, server, admin].map(({ serialNumber }) => serialNumber)).size).toBe(3);
  });
});
