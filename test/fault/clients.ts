import { createHash, randomUUID } from 'node:crypto';
import {
  IndeterminateError,
  type AppendResult,
  type Commit,
  type EventLog,
  type PendingEvent,
} from '#event-sourcing/ports/event-log.js';
import type { CommandId, EventId, Instant, StreamName } from '#event-sourcing/vocabulary.js';

/**
 * Clients that each send numbered commands one after the other; what a command holds follows from its numbers alone.
 */
export interface Command {
  readonly client: number;
  readonly number: number;
}

/**
 * What a client was told. `appended` and `repeated` are acknowledgements; `refused` is the claim that nothing was
 * stored.
 */
export type Answer =
  | {
      readonly kind: 'acknowledged';
      readonly outcome: 'appended' | 'repeated';
      readonly position: number;
      readonly digest: string;
    }
  | { readonly kind: 'indeterminate' }
  | { readonly kind: 'refused'; readonly error: string };

const now = '2026-03-02T04:00:00.000Z' as Instant;
export const eventsPerCommand = 3;
export const commandIdOf = ({ client, number }: Command): CommandId => `client-${client}.${number}` as CommandId;

const event = (command: Command, bytes: number): PendingEvent => {
  const id = randomUUID() as string as EventId;
  return {
    id,
    type: 'Registered',
    frame: [
      `{"command":{"id":"${commandIdOf(command)}","of":`,
      { stamp: 'of' },
      ',"step":',
      { stamp: 'step' },
      `},"filler":"${'x'.repeat(bytes)}","id":"${id}","revision":`,
      { stamp: 'revision' },
      ',"stream":',
      { stamp: 'stream' },
      ',"times":{"recordedAt":',
      { stamp: 'recordedAt' },
      '},"type":"Registered","v":1}',
    ],
  };
};

/** Two events to the client's own stream at the revision its number says, one to a stream that many clients share. */
export const commitFor = (command: Command, bytes: number): Commit => {
  const { client, number } = command;
  return {
    commandId: commandIdOf(command),
    now,
    checks: [],
    writes: [
      {
        stream: `client-${client}` as StreamName,
        expected: number === 0 ? 'none' : number * 2 - 1,
        events: [event(command, bytes), event(command, bytes)],
      },
      { stream: `shared-${(client + number) % 4}` as StreamName, expected: 'any', events: [event(command, bytes)] },
    ],
  };
};

/** Says whether two answers hold the same events, byte for byte. */
export const digestOf = (result: Extract<AppendResult, { readonly events: unknown }>): string => {
  const hash = createHash('sha256');
  for (const { id, data } of result.events) hash.update(id).update(data);
  return hash.digest('hex').slice(0, 16);
};

export const send = async (log: EventLog, command: Command, bytes: number): Promise<Answer> => {
  try {
    const result = await log.append(commitFor(command, bytes));
    if (result.outcome === 'conflict')
      return { kind: 'refused', error: `conflict ${JSON.stringify(result.conflicts)}` };
    return {
      kind: 'acknowledged',
      outcome: result.outcome,
      position: result.events[0]!.position,
      digest: digestOf(result),
    };
  } catch (error) {
    return error instanceof IndeterminateError
      ? { kind: 'indeterminate' }
      : { kind: 'refused', error: (error as Error).name };
  }
};
