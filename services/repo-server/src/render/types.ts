import type { repository } from "@trireme/rpc";
import type { SourceType } from "../source/application-source.ts";

/** One object as a tool gave it. */
export interface RenderedObject {
  /** Canonical JSON. */
  json: string;
  /** SHA-256 of `json`, hex. */
  hash: string;
  /** Relative to the repository's root; empty where the tool hides it. */
  file: string;
  /** 0-based within the file. */
  document: number;
  /** 1-based; 0 where unknown. */
  line: number;
  /** JSON of field path -> line; empty where unknown. */
  fieldLines: string;
}

/** What one source renders to. */
export interface RenderedSet {
  type: SourceType;
  /** The commands that ran, as people would type them. */
  commands: string[];
  warnings: repository.Problem[];
  objects: RenderedObject[];
}
