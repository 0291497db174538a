/** Something that a person should know, with its place. */
export interface Problem {
  reason: string;
  message: string;
  file: string;
  line: number;
  field: string;
}
