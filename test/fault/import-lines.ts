/** What an importing child says: a verdict, or in the end how many events of each type the log holds. */
export type ImportLine =
  | { readonly line: number; readonly recordedBefore: boolean; readonly said: string }
  | { readonly types: Readonly<Record<string, number>> };
