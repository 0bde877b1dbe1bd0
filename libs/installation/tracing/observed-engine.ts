import type { Rejection } from '#event-sourcing/decision.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import { CommandEngine, type Handling, type Outcome } from '#event-sourcing/command/handle-command.js';
import type { AnsweredCommand } from '../metrics/metrics-sources.js';
import { inSpan } from './span.js';

/**
 * The command engine with a span around each command and a word to whoever counts them. Whoever sends a command, this
 * is where it passes.
 */
export class ObservedEngine extends CommandEngine {
  /** Told of every command that was answered, the ones that threw included. */
  onAnswered: (command: AnsweredCommand) => void = () => {};
  /** Asked before each command: throws while nothing may be recorded. */
  mustBeSound: () => void = () => {};

  override async handle<State, E extends AnyEvent, R extends Rejection>(
    handling: Handling<State, E, R>,
  ): Promise<Outcome<E>> {
    const { name } = handling.context;
    const startedAt = performance.now();
    let outcome: AnsweredCommand['outcome'] = 'failed';
    try {
      // Not by its id, which the client chooses and may make of a telephone number: the position leads to the events,
      // and they name it.
      return await inSpan(`command ${name}`, { 'baobei.command': name }, async (span) => {
        this.mustBeSound();
        const answer = await super.handle(handling);
        outcome = answer.outcome;
        span.setAttribute('baobei.outcome', outcome);
        if (answer.outcome !== 'indeterminate')
          span.setAttributes({ 'baobei.position': answer.position, 'baobei.repeated': answer.repeated });
        return answer;
      });
    } finally {
      this.onAnswered({ name, outcome, seconds: (performance.now() - startedAt) / 1_000 });
    }
  }
}
