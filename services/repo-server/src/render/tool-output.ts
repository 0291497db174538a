import { DomainError, parseYamlDocuments } from "@trireme/api";
import { AppError, Code } from "@trireme/runtime";
import { type ManifestObject, manifestObjects } from "./manifest-objects.ts";

/** The objects that a tool printed; `line` is the line of its output. @throws AppError ToolOutputInvalid naming the tool. */
export function parseToolOutput(output: string, tool: string): ManifestObject[] {
  try {
    const { documents } = parseYamlDocuments(output, `output of ${tool}`);
    return manifestObjects(
      documents.map(({ value, index, line }) => ({ value, document: index, line, fieldLines: "" })),
      `output of ${tool}`,
    );
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const line = Number(error.details["line"] ?? 0);
    const around = line > 0 ? output.split("\n")[line - 1] : undefined;
    throw new AppError(`${error.message}${around === undefined ? "" : `: ${JSON.stringify(around.slice(0, 200))}`}`, { reason: "ToolOutputInvalid", code: Code.Unknown, retry: "never", cause: error });
  }
}
