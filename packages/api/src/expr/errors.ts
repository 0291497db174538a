/** An expression that cannot be read, does not type-check, or failed while running; messages in the Go library's words where users meet them. */
export class ExprError extends Error {
  override readonly name = "ExprError";
}
