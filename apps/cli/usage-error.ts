/** A mistake of whoever typed: one sentence in both languages, exit 2, no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
