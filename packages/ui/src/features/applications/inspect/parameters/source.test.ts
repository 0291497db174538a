import type { ApplicationSource } from "@trireme/api/argo";
import { imageRows, parameterRows, withBlock, withHelmParameter, withImage } from "./source.ts";

const GIT: ApplicationSource = { repoURL: "https://git.test/a.git", path: "a" };
const CHART: ApplicationSource = { ...GIT, helm: { valueFiles: ["prod.yaml"], parameters: [{ name: "tag", value: "2", forceString: true }, { name: "own", value: "x" }] } };

describe("Helm parameters", () => {
  it("are the chart's and the application's own", () => {
    expect(parameterRows([{ name: "tag", value: "1" }, { name: "replicas", value: "2" }], CHART)).toEqual([
      { name: "own", original: undefined, override: "x", forceString: false },
      { name: "replicas", original: "2", override: undefined, forceString: false },
      { name: "tag", original: "1", override: "2", forceString: true },
    ]);
  });

  it("are set where they stand, with what else is said of them", () => {
    expect(withHelmParameter(CHART, "tag", "3").helm).toEqual({ valueFiles: ["prod.yaml"], parameters: [{ name: "tag", value: "3", forceString: true }, { name: "own", value: "x" }] });
    expect(withHelmParameter(GIT, "tag", "3").helm).toEqual({ parameters: [{ name: "tag", value: "3" }] });
  });

  it("are taken back without a trace", () => {
    expect(withHelmParameter(withHelmParameter(GIT, "tag", "3"), "tag", undefined)).toEqual(GIT);
    expect(withHelmParameter(withHelmParameter(CHART, "tag", undefined), "own", undefined).helm).toEqual({ valueFiles: ["prod.yaml"] });
  });

  it("may be empty: that is a value", () => {
    expect(withHelmParameter(GIT, "tag", "").helm).toEqual({ parameters: [{ name: "tag", value: "" }] });
  });
});

describe("Kustomize images", () => {
  const source: ApplicationSource = { ...GIT, kustomize: { images: ["web=registry.test:5000/web:2", "docs:3"] } };

  it("are the kustomization's and the application's own", () => {
    expect(imageRows(["docs:1", "registry.test:5000/proxy"], source)).toEqual([
      { name: "docs", original: "docs:1", override: "docs:3" },
      { name: "registry.test:5000/proxy", original: "registry.test:5000/proxy", override: undefined },
      { name: "web", original: undefined, override: "registry.test:5000/web:2" },
    ]);
  });

  it("are written as Kustomize reads them", () => {
    expect(withImage(source, "docs", "docs:4").kustomize).toEqual({ images: ["web=registry.test:5000/web:2", "docs:4"] });
    expect(withImage(GIT, "docs", "other/docs@sha256:ab").kustomize).toEqual({ images: ["docs=other/docs@sha256:ab"] });
    expect(withImage(withImage(source, "docs", undefined), "web", "")).toEqual(GIT);
  });
});

test("what says nothing is not written", () => {
  expect(withBlock(GIT, "directory", { recurse: false, include: "" })).toEqual(GIT);
  expect(withBlock(GIT, "directory", { recurse: true })).toEqual({ ...GIT, directory: { recurse: true } });
});
