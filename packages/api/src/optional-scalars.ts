import data from "../data/kubernetes-1.36/optional-scalars.json" with { type: "json" };

/**
 * Scalars of built-in kinds in which zero and absent are two things (`automountServiceAccountToken: false`), by schema name.
 * In every other one the server keeps no zero: "" and 0 mean what is absent means, and false is never a default's opposite.
 */
export const optionalScalars: Readonly<Record<string, readonly string[]>> = data;
