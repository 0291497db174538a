import { proxyFromEnvironment } from "./proxy-environment.ts";

describe(proxyFromEnvironment, () => {
  const PROXY = { HTTPS_PROXY: "http://proxy.test:3128" };
  const without = (list: string) => ({ ...PROXY, NO_PROXY: list });

  test.each([
    { name: "nothing set", address: "https://k8s.test:6443", environment: {}, want: undefined },
    { name: "a proxy for the scheme", address: "https://k8s.test:6443", environment: PROXY, want: "http://proxy.test:3128" },
    { name: "small letters", address: "https://k8s.test", environment: { https_proxy: "http://small.test" }, want: "http://small.test" },
    { name: "a proxy without a scheme", address: "https://k8s.test", environment: { HTTPS_PROXY: "proxy.test:3128" }, want: "http://proxy.test:3128" },
    { name: "a proxy for the other scheme", address: "http://k8s.test", environment: PROXY, want: undefined },
    { name: "localhost", address: "https://localhost:6443", environment: PROXY, want: undefined },
    { name: "loopback", address: "https://127.0.1.1:6443", environment: PROXY, want: undefined },
    { name: "loopback of version 6", address: "https://[::1]:6443", environment: PROXY, want: undefined },
    { name: "everything excluded", address: "https://k8s.test", environment: without("*"), want: undefined },
    { name: "the host excluded", address: "https://k8s.test", environment: without("other.test, k8s.test"), want: undefined },
    { name: "a domain above it excluded", address: "https://api.eu.k8s.test", environment: without("k8s.test"), want: undefined },
    { name: "a name that only ends alike", address: "https://myk8s.test", environment: without("k8s.test"), want: "http://proxy.test:3128" },
    { name: "what is below a domain, but not itself", address: "https://k8s.test", environment: without(".k8s.test"), want: "http://proxy.test:3128" },
    { name: "a service of the cluster", address: "https://kubernetes.default.svc", environment: without(".svc"), want: undefined },
    { name: "another port", address: "https://k8s.test:6443", environment: without("k8s.test:443"), want: "http://proxy.test:3128" },
    { name: "its port", address: "https://k8s.test", environment: without("k8s.test:443"), want: undefined },
    { name: "an address in a range", address: "https://10.96.0.1:443", environment: without("192.168.0.0/16,10.0.0.0/8"), want: undefined },
    { name: "an address out of the range", address: "https://11.96.0.1:443", environment: without("10.0.0.0/8"), want: "http://proxy.test:3128" },
    { name: "an address", address: "https://10.96.0.1", environment: without("10.96.0.1"), want: undefined },
    { name: "an address of version 6", address: "https://[fd00::1]:6443", environment: without("[fd00::1]:6443"), want: undefined },
    { name: "a range of version 6", address: "https://[fd00::1]:6443", environment: without("fd00::/8"), want: undefined },
    { name: "an empty list", address: "https://k8s.test", environment: without(",,"), want: "http://proxy.test:3128" },
  ])("$name", ({ address, environment, want }) => expect(proxyFromEnvironment(address, environment)).toBe(want));
});
