import type { Browser, Page } from "playwright-core";
import { Api } from "./api.ts";
import { accessibilityProblems, openWindow, signInto, type Window } from "./browser.ts";
import { Repository } from "./repository.ts";
import { sharedStack, type Stack } from "./stack.ts";

const CLOSE_MS = 60_000;

/** What is not as with most: these, and fields of the spec. */
interface ApplicationOptions {
  /** The folder of the repository that it deploys. */
  path?: string;
  annotations?: Record<string, string>;
  [ofSpec: string]: unknown;
}

/**
 * What tests of one window have around them, made in `beforeAll` step by step: each test ends without complaints and
 * without what axe finds, and all that was made goes after the last one.
 */
export class PageTests {
  /** What goes after the tests, the newest first. */
  readonly after = new AsyncDisposableStack();
  readonly #launch: () => Promise<Browser>;
  #stack!: Stack;
  #api!: Api;
  #browser!: Browser;
  #window!: Window;

  constructor(launch: () => Promise<Browser>) {
    this.#launch = launch;
    afterEach(async () => {
      expect(this.complaints.splice(0)).toEqual([]);
      expect(await accessibilityProblems(this.#window.page)).toEqual([]);
    }, CLOSE_MS);
    afterAll(() => this.after.disposeAsync(), CLOSE_MS);
  }

  /** A product, the one that all tests share unless told otherwise, and its API as its administrator. One of the tests' own goes with them. */
  async begin<S extends Stack = Stack>(started?: Promise<S>): Promise<{ stack: S; api: Api }> {
    const stack = (await (started ?? sharedStack())) as S;
    if (Symbol.asyncDispose in stack) this.after.use(stack as S & AsyncDisposable);
    this.#stack = stack;
    this.#api = await Api.signIn(stack);
    return { stack, api: this.#api };
  }

  /** A repository that is connected. */
  async connected(name: string, files: Record<string, string>): Promise<Repository> {
    const repository = this.after.use(await Repository.create(this.#stack, name, files));
    await this.#api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: this.#stack.git.user, password: this.#stack.git.token });
    this.deleteAfter(`repositories/${encodeURIComponent(repository.url)}`);
    return repository;
  }

  /** An application that deploys a repository's head into a namespace of its own name, which comes with it. */
  async application(name: string, { url }: Repository, { path = "app", annotations, ...spec }: ApplicationOptions = {}): Promise<void> {
    await this.#api.must("POST", "/api/v1/applications", { metadata: { name, ...(annotations && { annotations }) }, spec: { project: "default", source: { repoURL: url, path, targetRevision: "HEAD" }, destination: { server: "https://kubernetes.default.svc", namespace: name }, syncPolicy: { syncOptions: ["CreateNamespace=true"] }, ...spec } });
    this.deleteAfter(`applications/${name}`);
  }

  /** What the tests make by themselves, by its path below `/api/v1/`. An application goes with its objects. */
  deleteAfter(...paths: string[]): void {
    for (const path of paths) this.after.defer(async () => void (await this.#api.call("DELETE", `/api/v1/${path}?cascade=true`)));
  }

  /** The window, of a browser of the tests' own, where nobody is signed in. */
  async open(): Promise<Page> {
    this.#browser = await this.#launch();
    this.after.defer(() => this.#browser.close());
    this.#window = await this.openAnother();
    return this.#window.page;
  }

  /** The window, where the administrator is signed in. */
  async openSignedIn(): Promise<Page> {
    const page = await this.open();
    await signInto(page, this.#stack);
    return page;
  }

  /** A window beside it, which knows nothing of who is signed in there, and of which nothing is said after a test. */
  openAnother(options?: Parameters<typeof openWindow>[1]): Promise<Window> {
    return openWindow(this.#browser, options);
  }

  /** What has gone wrong in the window since they were last looked at. */
  get complaints(): string[] {
    return this.#window.complaints;
  }
}
