import type { TreeEntry } from "@trireme/git";
import { manifestDirectories } from "./manifest-directories.ts";

const OBJECT = "apiVersion: v1\nkind: ConfigMap\n";

/** A tree of files; an id is the file's content. */
function given(files: Record<string, string>, options: { except?: string; most?: number } = {}) {
  const folders = new Map<string, TreeEntry[]>();
  for (const [file, content] of Object.entries(files)) {
    const name = file.split("/").at(-1)!;
    const folder = file.slice(0, -name.length - 1) || ".";
    folders.set(folder, [...(folders.get(folder) ?? []), { name, oid: content, kind: content === "link" ? "symlink" : "file" }]);
  }
  const reads: string[] = [];
  const readBlob = (oid: string) => (reads.push(oid), Buffer.from(oid));
  return { reads, found: manifestDirectories({ readBlob }, folders, { except: (folder) => folder === options.except, most: options.most ?? 10, signal: new AbortController().signal }) };
}

describe("manifestDirectories", () => {
  it("finds folders whose own files are objects, nearest to the root first", async () => {
    const { found } = given({ "z/deep/er/a.yaml": OBJECT, "b/a.json": '{ "apiVersion": "v1", "kind": "Secret" }', "a/notes.md": OBJECT, "c/a.yml": `# first\n---\n${OBJECT}`, "x.yaml": OBJECT });
    expect(await found).toEqual({ paths: [".", "b", "c", "z/deep/er"], more: false });
  });

  test.each([
    { name: "a program's settings", file: "web/package.json", content: '{ "kind": "library" }' },
    { name: "a workflow", file: ".github/workflows/ci.yaml", content: "on: push\njobs: {}\n" },
    { name: "values that speak of an object", file: "env/values.yaml", content: "extra:\n  apiVersion: v1\n  kind: ConfigMap\n" },
    { name: "a file that is not to be rendered", file: "web/a.yaml", content: `# +argocd:skip-file-rendering\n${OBJECT}` },
    { name: "a link", file: "web/a.yaml", content: "link" },
  ])("is not led astray by $name", async ({ file, content }) => expect(await given({ [file]: content }).found).toEqual({ paths: [], more: false }));

  it("leaves out a chart's templates, not what stands beside them", async () => {
    const { found } = given({ "chart/Chart.yaml": "apiVersion: v2\n", "chart/templates/a.yaml": OBJECT, "chart/templates/tests/b.yaml": OBJECT, "chart/crds/c.yaml": OBJECT, "templates/d.yaml": OBJECT });
    expect(await found).toEqual({ paths: ["templates", "chart/crds"], more: false });
  });

  it("looks into as few files as it takes", async () => {
    const { found, reads } = given({ "a/1.yaml": OBJECT, "a/2.yaml": `${OBJECT}# 2`, "rendered/a.yaml": `${OBJECT}# 3` }, { except: "rendered" });
    expect(await found).toEqual({ paths: ["a"], more: false });
    expect(reads).toEqual([OBJECT]);
  });

  it("says when there may be more than was wanted, and only then", async () => {
    const files = { "a/1.yaml": OBJECT, "b/1.yaml": OBJECT };
    expect(await given(files, { most: 1 }).found).toEqual({ paths: ["a"], more: true });
    expect(await given(files, { most: 2 }).found).toEqual({ paths: ["a", "b"], more: false });
  });
});
