import {
  binaryEvent,
  FORWARDS,
  NO_STREAM,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type KurrentDBClient,
} from '@kurrent/kurrentdb-client';
import type { Ids } from '#event-sourcing/ports/clock.js';
import type { EventStoreClients } from './connection.js';
import { answered, ReadingCutError, type Patience } from './answered.js';

/** The server holds another journal of the same organisation than the one that is to be copied there. */
export class OtherJournalError extends Error {
  override readonly name = 'OtherJournalError';
  constructor(organisation: string) {
    super(
      `EventStoreDB 中组织 ${organisation} 已有另一份日志，不能复制到此处。 / EventStoreDB holds another journal of the organisation ${organisation}; nothing can be copied there.`,
    );
  }
}

export const identityStream = (organisation: string): string => `baobei.identity-${organisation}`;

/** The journal's id, made by whoever is first and then the same for every server: positions and proofs speak of it. */
export const identityOf = async (
  clients: EventStoreClients,
  { organisation, journalId, ids }: { readonly organisation: string; readonly journalId?: string; readonly ids: Ids },
  patience: Patience,
): Promise<string> => {
  const stream = identityStream(organisation);
  const { signal } = new AbortController();
  const stored = async (): Promise<string | undefined> =>
    answered(() => readIdentity(clients.leader, stream), 'nothing', patience, signal);
  const found =
    (await stored()) ??
    (await answered(
      async () => {
        const id = journalId ?? ids.uuid();
        try {
          await clients.leader.appendToStream(
            stream,
            binaryEvent({ id: ids.uuid(), type: 'JournalNamed', data: Buffer.from(JSON.stringify({ journalId: id })) }),
            { streamState: NO_STREAM, requiresLeader: true, deadline: patience.answerMax },
          );
          return id;
        } catch (error) {
          // Somebody else was first, or an attempt of ours that got no answer.
          if (!(error instanceof WrongExpectedVersionError)) throw error;
          return (await readIdentity(clients.leader, stream))!;
        }
      },
      'nothing',
      patience,
      signal,
    ));
  if (journalId !== undefined && found !== journalId) throw new OtherJournalError(organisation);
  return found;
};

const readIdentity = async (client: KurrentDBClient, stream: string): Promise<string | undefined> => {
  try {
    for await (const { event } of client.readStream(stream, {
      direction: FORWARDS,
      maxCount: 1,
      requiresLeader: true,
    })) {
      const { journalId } = JSON.parse(Buffer.from(event?.data as Uint8Array).toString('utf8')) as {
        readonly journalId?: unknown;
      };
      if (typeof journalId === 'string') return journalId;
    }
  } catch (error) {
    if (error instanceof StreamNotFoundError) return undefined;
    throw error;
  }
  throw new ReadingCutError();
};
