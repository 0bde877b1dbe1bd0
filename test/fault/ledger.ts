import { stampIn } from '#event-sourcing/testing/commits.js';
import type { EventLog, StoredEvent } from '#event-sourcing/ports/event-log.js';
import { commandIdOf, eventsPerCommand, type Answer, type Command } from './clients.js';

type Acknowledgement = Extract<Answer, { readonly kind: 'acknowledged' }>;

/** What clients were told, and so what a log must hold. */
export class Ledger {
  readonly acknowledged = new Map<string, Acknowledgement>();
  /** Commands whose last answer was that nothing was stored. */
  readonly refused = new Set<string>();
  readonly indeterminate = new Set<string>();
  /** Commands acknowledged again with other events than the first time. */
  readonly changed: string[] = [];
  /** Per client the number that it sends next. */
  readonly next: number[];

  constructor(readonly clients: number) {
    this.next = Array.from({ length: clients }, () => 0);
  }

  hear(command: Command, answer: Answer): void {
    const id = commandIdOf(command);
    this.refused.delete(id);
    this.indeterminate.delete(id);
    if (answer.kind === 'refused') this.refused.add(id);
    if (answer.kind === 'indeterminate') this.indeterminate.add(id);
    if (answer.kind !== 'acknowledged') return;
    const before = this.acknowledged.get(id);
    if (before !== undefined && (before.position !== answer.position || before.digest !== answer.digest))
      this.changed.push(id);
    if (before === undefined) this.acknowledged.set(id, answer);
    this.next[command.client] = Math.max(this.next[command.client]!, command.number + 1);
  }
}

/** One line per answer; `-` stands for what is not known. */
export const answerLine = ({ client, number }: Command, answer: Answer): string =>
  answer.kind === 'acknowledged'
    ? `ACK ${client} ${number} ${answer.outcome} ${answer.position} ${answer.digest}`
    : answer.kind === 'indeterminate'
      ? `IND ${client} ${number}`
      : `REFUSED ${client} ${number} ${answer.error}`;

export const hearLine = (ledger: Ledger, line: string): boolean => {
  const [kind, client, number, third, position, digest] = line.split(' ');
  const command = { client: Number(client), number: Number(number) };
  if (kind === 'ACK')
    ledger.hear(command, {
      kind: 'acknowledged',
      outcome: third as 'appended',
      position: Number(position),
      digest: digest!,
    });
  else if (kind === 'IND') ledger.hear(command, { kind: 'indeterminate' });
  else if (kind === 'REFUSED') ledger.hear(command, { kind: 'refused', error: third! });
  else return false;
  return true;
};

export interface Audit {
  readonly events: number;
  readonly faults: readonly string[];
}

/**
 * Compares the whole log with what clients were told. Positions of an acknowledgement that was made up before its time
 * are not compared.
 */
export const audit = async (log: EventLog, ledger: Ledger): Promise<Audit> => {
  const faults: string[] = ledger.changed.map((id) => `changed: ${id} was answered with other events than before`);
  const commands = new Map<string, StoredEvent[]>();
  const streams = new Map<string, number>();
  let position = 0;
  for (let more = true; more;) {
    const slice = await log.readAll(position);
    more = slice.next > position;
    for (const event of slice.events) {
      if (event.position !== position) faults.push(`gap: position ${event.position} stands where ${position} belongs`);
      const revision = (streams.get(event.stream) ?? -1) + 1;
      if (event.revision !== revision)
        faults.push(`gap: ${event.stream} has revision ${event.revision} where ${revision} belongs`);
      streams.set(event.stream, revision);
      const stamp = stampIn(event);
      if (stamp.id !== event.id || stamp.revision !== event.revision || stamp.stream !== event.stream)
        faults.push(`scrambled: position ${position} holds the bytes of another event`);
      const ofCommand = commands.get(event.commandId);
      if (ofCommand === undefined) commands.set(event.commandId, [event]);
      else ofCommand.push(event);
      position += 1;
    }
  }
  for (const [id, events] of commands) faults.push(...wholeness(id, events));
  for (const [id, { position: first }] of ledger.acknowledged) {
    const events = commands.get(id);
    if (events === undefined) faults.push(`lost: ${id} was acknowledged`);
    else if (first >= 0 && events[0]!.position !== first) faults.push(`moved: ${id} was acknowledged at ${first}`);
  }
  for (const id of ledger.refused) if (commands.has(id)) faults.push(`falsely refused: ${id} is stored`);
  return { events: position, faults };
};

const wholeness = (id: string, events: readonly StoredEvent[]): readonly string[] => {
  if (events.length > eventsPerCommand) return [`doubled: ${id} has ${events.length} events`];
  const whole =
    events.length === eventsPerCommand &&
    events.every(
      ({ step, of, position }, place) =>
        step === place + 1 && of === eventsPerCommand && position === events[0]!.position + place,
    );
  return whole ? [] : [`torn: ${id} has ${events.length} of its events`];
};
