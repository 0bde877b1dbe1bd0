import type { Label } from '#policy/words.js';

/** Stops one scenario: it says something that cannot be played. Never used for what the product answered. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  constructor(
    readonly line: number,
    readonly label: Label,
  ) {
    super(label.en);
  }
}
