/** A message as a caller may write it: what is left out is the proto3 default. */
export type Input<T> = T extends Buffer | string | number | boolean | null | undefined
  ? T
  : T extends (infer Element)[]
    ? Input<Element>[]
    : { [Key in keyof T]?: Input<T[Key]> | undefined };
