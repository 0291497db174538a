/** A template that cannot be read, or that cannot be filled in from the values at hand. */
export class TemplateError extends Error {
  override name = "TemplateError";
}
