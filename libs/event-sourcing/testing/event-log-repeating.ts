import fc from 'fast-check';
import { createSecretKey } from 'node:crypto';
import { catalogueOf } from '../catalogue.js';
import { fingerprintOf } from '../command/fingerprint.js';
import { CommandEngine, CommandIdTakenError, type Handling } from '../command/handle-command.js';
import { accept, type Rejection } from '../decision.js';
import { defineEvent, type Event } from '../event.js';
import type { EventLog } from '../ports/event-log.js';
import { IndeterminateError } from '../ports/event-log.js';
import type { KeyPool } from '../sealing/key-pool.js';
import type { Code, CommandId, OrganisationId, PartyId, StreamName } from '../vocabulary.js';
import { noon } from './commits.js';
import type { OpenLog } from './event-log-contract.js';
import { seededIds } from './simulated-clock.js';

type Noted = Event<'Noted', 'fact', { readonly note: Code }>;
const secret = createSecretKey(Buffer.alloc(32, 7));
const noting = (id: number, note: string): Handling<null, Noted, Rejection> => ({
  context: {
    commandId: `c-${id}` as CommandId,
    name: 'Note' as Code,
    fingerprint: fingerprintOf(secret, 'Note', { note }),
    actor: { party: 'dealer-a' as PartyId },
    occurredAt: noon,
    receivedAt: noon,
    receivedBy: 'api' as Code,
  },
  load: async () => null,
  decide: () => accept({ stream: `notes-${id}` as StreamName, event: { type: 'Noted', note: note as Code } }),
  refusal: () => {
    throw new Error('A note is never refused');
  },
});
const engineOn = (log: EventLog, seed: string): CommandEngine =>
  new CommandEngine({
    log,
    catalogue: catalogueOf(defineEvent<Noted>()({ type: 'Noted', kind: 'fact', personal: {} })),
    keyPool: {} as KeyPool,
    clock: { now: () => noon },
    ids: seededIds(seed),
    organisation: 'rehearsal' as OrganisationId,
    refusalTypes: new Set(),
  });

/** What one sending came to. */
const sent = async (engine: CommandEngine, id: number, note: string): Promise<string> => {
  for (;;) {
    try {
      const answer = await engine.handle(noting(id, note));
      if (answer.outcome === 'indeterminate') throw new IndeterminateError(answer.commandId, undefined);
      return `${answer.repeated ? 'again' : 'first'} ${(answer.events[0]!.event as { note: string }).note}`;
    } catch (error) {
      if (error instanceof CommandIdTakenError) return `taken since ${error.recordedAt}`;
      if (!(error instanceof IndeterminateError)) throw error;
    }
  }
};

const sendings = fc.array(fc.record({ id: fc.nat(3), note: fc.constantFrom('a', 'b', 'c') }), { maxLength: 12 });

/** A command's id on this log: one input, whatever else comes under it. */
export const repeatingPromises = (open: OpenLog): void => {
  it('a command id that comes again records nothing; with other input it is refused, and says since when it is taken', async () => {
    let seed = 0;
    await fc.assert(
      fc.asyncProperty(sendings, async (list) => {
        const { log } = await open();
        // Another engine for each: what is known comes from the log.
        const first = new Map<number, string>();
        for (const { id, note } of list) {
          const answer = await sent(engineOn(log, `one ${(seed += 1)}`), id, note);
          const before = first.get(id);
          if (before === undefined) first.set(id, note);
          expect(answer).toBe(
            before === undefined ? `first ${note}` : before === note ? `again ${note}` : `taken since ${noon}`,
          );
        }
        expect(await log.head()).toBe(first.size);
      }),
      { numRuns: 12 },
    );
  });

  it('of two inputs that race under one command id one is recorded, and the other is refused', async () => {
    const { log } = await open();
    for (let id = 0; id < 8; id += 1) {
      const answers = await Promise.all(
        ['a', 'b', 'a', 'b'].map((note, place) => sent(engineOn(log, `race ${id} ${place}`), id, note)),
      );
      expect(answers.map((answer) => answer.split(' ')[0]).toSorted()).toEqual(['again', 'first', 'taken', 'taken']);
    }
    expect(await log.head()).toBe(8);
  });
};
