/**
 * Why a socket was closed. 4400 to 4429 are the protocol's own; 4440 and above are ours. Reasons are short constants
 * and never name an error.
 */
export const closeCodes = {
  badRequest: [4400, 'Bad request'],
  unauthenticated: [4401, 'Unauthorized'],
  forbidden: [4403, 'Forbidden'],
  tooManyMessages: [4429, 'Too many messages'],
  tooManySockets: [4440, 'Too many connections of this party'],
  /** The client resumes with the position of the last message that it has. */
  slowConsumer: [4441, 'Too slow: subscribe again after the last position you received'],
  /** Token ended, party barred, or roles changed: connect again with a new token. */
  noLongerAllowed: [4442, 'Connect again with a new token'],
  internal: [4500, 'Internal error'],
  goingAway: [1001, 'Going away'],
  unsupported: [1003, 'Text messages only'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;
export type CloseReason = keyof typeof closeCodes;
