import { accept, type Placed, type Rejection } from '#event-sourcing/decision.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { Code, ProgramId } from '#event-sourcing/vocabulary.js';
import { accessStream, contextOf, refusalOf, type CommandBase } from '../../deciding/decision-facts.js';
import type { Slice } from '../../deciding/slice.js';
import type { RecordRead } from '../events.js';

/**
 * Why somebody reads what is not their own. A word of a list and never a sentence: the record of a reading must hold
 * nothing personal.
 */
export const purposes = [
  'review',
  'service',
  'arbitration',
  'audit',
  'settlement',
  'administration',
  'supervision',
] as const;
export type Purpose = (typeof purposes)[number];

/** Somebody is about to see a record that is not their own. Recorded before the answer leaves, one event a request. */
export interface RecordReading extends CommandBase {
  readonly programId?: ProgramId;
  /** What was asked for: a dossier, `party:<id>`, or `program:<id>` for a list. */
  readonly subject: string;
  /** The dossiers or parties that a list showed. */
  readonly subjects?: readonly string[];
  readonly query: string;
  readonly purpose: Purpose;
}

/**
 * Never refused: whether the record may be read at all was decided before. Expects nothing of its stream, so that
 * readers do not wait for each other.
 */
export const recordRead: Slice<RecordReading, RecordRead> = {
  name: 'RecordRead',
  handling: (command) => recordReadHandling(command),
};

const recordReadHandling = (command: RecordReading): Handling<null, RecordRead, Rejection> => ({
  context: contextOf(command, 'RecordRead', command.programId),
  load: async () => null,
  decide: () =>
    accept<Placed<RecordRead>>({
      stream: accessStream(command),
      event: {
        type: 'RecordRead',
        subject: command.subject as Code,
        query: command.query as Code,
        purpose: command.purpose as Code,
        ...(command.programId === undefined ? {} : { programId: command.programId }),
        ...(command.subjects === undefined ? {} : { subjects: command.subjects as readonly Code[] }),
      },
    }),
  refusal: (rejections) => refusalOf(command, 'RecordRead', rejections),
});
