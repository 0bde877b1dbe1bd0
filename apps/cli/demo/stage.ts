import 'reflect-metadata';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { simulatedClock, type SimulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Code, CommandId, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { commandTo } from '#features/edge/command-bus.js';
import type { Slice } from '#features/deciding/slice.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import { due } from '#features/deadline/due/due.js';
import { atOwnDates, type Pace } from '#features/intake/own-dates.js';
import type { Role } from '#policy/roles.js';
import { openEmbedded, type EmbeddedOptions } from '#installation/embedded.js';
import type { Installation } from '#installation/installation.js';
import { parseInstant } from '#time/instant.js';

/** The installation of the demonstration: the real one, on a clock that is put where the story stands. */
export interface Stage {
  readonly installation: Installation;
  readonly clock: SimulatedClock;
  /** Moves on, meeting every deadline on the way; read models are up to date afterwards. */
  readonly until: Pace;
  /** Sends a command; its id follows from its place in the story, so that the demonstration run twice records once. */
  send<Input extends CommandBase, E extends AnyEvent>(
    slice: Slice<Input, E>,
    by: string,
    input: Omit<Input, keyof CommandBase>,
    also?: Partial<Pick<CommandBase, 'onBehalfOf' | 'occurredAt' | 'receivedAt'>>,
  ): Promise<Outcome<E>>;
  close(): Promise<void>;
}

export const zone = 'Asia/Shanghai';
export const wall = (text: string): Instant => parseInstant(text, zone);

export const openStage = async (
  options: Pick<EmbeddedOptions, 'folder' | 'organisation' | 'onMasterKey'>,
): Promise<Stage> => {
  const clock = simulatedClock(wall('2026-01-01 00:00'));
  const installation = await openEmbedded({ ...options, clock, timers: clock });
  let number = 0;
  const until = atOwnDates({
    clock,
    nextDeadline: async () => {
      await installation.catchUp();
      const page = await (
        await installation.readings.of(due)
      ).page({ where: {}, order: [{ field: 'dueAt', direction: 'ascending' }], first: 1 });
      return page.rows[0]?.document.dueAt;
    },
    meetDeadlines: async () => {
      await installation.meetDeadlines();
      await installation.catchUp();
    },
  });
  return {
    installation,
    clock,
    until,
    async send(slice, by, input, also = {}) {
      number += 1;
      const granted: readonly Role[] = by === 'office' ? ['administrator'] : [];
      const base: CommandBase = {
        commandId: `demo-${number}` as CommandId,
        by: by as PartyId,
        granted,
        receivedAt: clock.now(),
        receivedBy: 'desk' as Code,
        ...also,
      };
      return installation.bus.execute(commandTo(slice, { ...input, ...base } as never));
    },
    async close() {
      await installation.close();
    },
  };
};
