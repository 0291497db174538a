/** Ends an operation with exactly this sentence. */
export class ConditionsError extends Error {
  override readonly name = "ConditionsError";
  readonly phase: "Error" | "Failed";

  constructor(message: string, phase: "Error" | "Failed" = "Error") {
    super(message);
    this.phase = phase;
  }
}
