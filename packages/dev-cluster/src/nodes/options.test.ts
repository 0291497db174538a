import { breakageOf, imageParts } from "./options.ts";

describe(breakageOf, () => {
  test.each([
    { name: "a tag", image: "registry.test:5000/team/web:broken", broken: ["broken"], want: "pull" },
    { name: "another tag", image: "web:1.0.0", broken: ["broken"], want: undefined },
    { name: "an image and its tag", image: "docker.io/team/web:2", broken: ["web:2=unready"], want: "unready" },
    { name: "a repository", image: "team/web:7", broken: ["team/web=crash"], want: "crash" },
    { name: "part of a name", image: "myweb:2", broken: ["web:2"], want: undefined },
    { name: "no tag is latest", image: "web", broken: ["latest"], want: "pull" },
    { name: "an unknown way to fail", image: "web:2", broken: ["2=explode"], want: undefined },
  ])("$name", ({ image, broken, want }) => expect(breakageOf(image, broken)).toBe(want));
});

describe(imageParts, () => {
  it("knows a port from a tag", () => {
    expect(imageParts("registry.test:5000/web")).toEqual({ repository: "registry.test:5000/web", tag: "latest" });
    expect(imageParts("web:1@sha256:abc")).toEqual({ repository: "web", tag: "1" });
  });
});
