import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";
import { AppError, Code } from "@trireme/runtime";

/** Paths as a Secret mounts them: `tls.crt`, `tls.key`, `ca.crt`. */
export interface TlsFiles {
  cert: string;
  key: string;
  ca: string;
}

export interface TlsMaterial {
  cert: Buffer;
  key: Buffer;
  ca: Buffer;
}

export interface WatchedTls {
  current(): TlsMaterial;
  /** Called with new material once all three files fit each other. Returns the way to stop listening. */
  onChange(listener: (material: TlsMaterial) => void): () => void;
  stop(): void;
}

/** How long the files may be in disagreement while somebody replaces them one by one. */
const SETTLE_MS = 50;

/**
 * Reads the files and follows them. Folders are watched, not files, because Kubernetes swaps a
 * link beside them. Half-written or mismatched files keep the last good material.
 * @throws AppError TlsFilesInvalid naming the file, when they are not usable at the start.
 */
export function watchTlsFiles(files: TlsFiles, onBadChange: (error: AppError) => void = () => {}): WatchedTls {
  let material = read(files);
  const listeners = new Set<(material: TlsMaterial) => void>();
  let settle: NodeJS.Timeout | undefined;

  const reload = (): void => {
    let next: TlsMaterial;
    try {
      next = read(files);
    } catch (error) {
      onBadChange(error as AppError);
      return;
    }
    if (same(next, material)) return;
    material = next;
    for (const listener of listeners) listener(material);
  };

  const watchers: FSWatcher[] = [...new Set([files.cert, files.key, files.ca].map(dirname))].map((folder) =>
    watch(folder, { persistent: false }, () => {
      clearTimeout(settle);
      settle = setTimeout(reload, SETTLE_MS).unref();
    }),
  );

  return {
    current: () => material,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      clearTimeout(settle);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function read(files: TlsFiles): TlsMaterial {
  const [cert, key, ca] = [files.cert, files.key, files.ca].map(readFile) as [Buffer, Buffer, Buffer];
  const certificate = parsed(files.cert, () => new X509Certificate(cert));
  parsed(files.ca, () => new X509Certificate(ca));
  const privateKey = parsed(files.key, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) throw invalid(files.key, `is not the key of ${files.cert}`);
  return { cert, key, ca };
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw invalid(path, "cannot be read", cause);
  }
}

function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw invalid(path, "is not valid PEM", cause);
  }
}

function invalid(path: string, what: string, cause?: unknown): AppError {
  return new AppError(`TLS file ${path} ${what}`, { reason: "TlsFilesInvalid", code: Code.FailedPrecondition, retry: "never", cause, details: { file: path } });
}

function same(a: TlsMaterial, b: TlsMaterial): boolean {
  return a.cert.equals(b.cert) && a.key.equals(b.key) && a.ca.equals(b.ca);
}
