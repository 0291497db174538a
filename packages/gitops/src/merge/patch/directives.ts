/** Keys of a strategic merge patch that say how, not what. */
export const Directive = {
  Patch: "$patch",
  RetainKeys: "$retainKeys",
  SetElementOrder: "$setElementOrder",
  DeleteFromPrimitiveList: "$deleteFromPrimitiveList",
} as const;

/** The field that a directive of the form `$setElementOrder/<field>` is about. */
export function keyOfDirective(key: string, directive: string): string | undefined {
  return key.startsWith(`${directive}/`) ? key.slice(directive.length + 1) : undefined;
}
