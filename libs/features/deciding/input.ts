import type { EventId, Fen, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import type { Duration } from '#time/clock.js';
import type { Attachment, Share } from '../dossier/events.js';

/** What may stand in a field, by the name under which the edge, the command line and the tests know it. */
export interface Kinds {
  /** What a person typed; the most characters are in `max`. */
  readonly text: string;
  /** A word of the policy: a class, a cause. */
  readonly word: string;
  readonly words: readonly string[];
  /** The id of an event, a ruling above all. */
  readonly event: EventId;
  /** Somebody who is to act or to be credited: enrolled, and not barred. */
  readonly party: PartyId;
  readonly parties: readonly PartyId[];
  /** Somebody who is spoken of: enrolled, perhaps barred by now. */
  readonly partyOnRecord: PartyId;
  readonly shares: readonly Share[];
  readonly fen: Fen;
  readonly instant: Instant;
  readonly length: Duration;
  readonly flag: boolean;
  readonly form: Readonly<Record<string, string | number | boolean>>;
  readonly attachments: readonly Attachment[];
}
export type Kind = keyof Kinds;

/** One field of a command, as a value: the edge, the command line and the tests make theirs of it. */
export interface Field<K extends Kind = Kind, Optional extends boolean = boolean> {
  readonly kind: K;
  readonly optional: Optional;
  /** The most characters of a text. */
  readonly max?: number;
  /** In both languages, for whoever fills it in. */
  readonly says?: string;
}
export type Fields = Readonly<Record<string, Field>>;

type Needed<F extends Fields> = { [N in keyof F]: F[N] extends Field<Kind, true> ? never : N }[keyof F];
/** What a decision is given of its input. */
export type InputOf<F extends Fields> = { readonly [N in Needed<F>]: Kinds[F[N]['kind']] } & {
  readonly [N in Exclude<keyof F, Needed<F>>]?: Kinds[F[N]['kind']];
};

type Details = Omit<Field, 'kind' | 'optional'>;
export const field = <K extends Kind>(kind: K, details: Details = {}): Field<K, false> => ({
  kind,
  optional: false,
  ...details,
});
export const optional = <K extends Kind>(kind: K, details: Details = {}): Field<K, true> => ({
  kind,
  optional: true,
  ...details,
});

/** Everybody whom an input names in fields of these kinds, with the field that names them. */
export const partiesIn = (
  fields: Fields,
  input: Readonly<Record<string, unknown>>,
): readonly { readonly field: string; readonly party: PartyId; readonly mayBeBarred: boolean }[] =>
  Object.entries(fields).flatMap(([name, { kind }]) => {
    const value = input[name];
    if (value === undefined) return [];
    const named = (parties: readonly PartyId[], mayBeBarred = false) =>
      parties.map((party) => ({ field: name, party, mayBeBarred }));
    switch (kind) {
      case 'party':
        return named([value as PartyId]);
      case 'partyOnRecord':
        return named([value as PartyId], true);
      case 'parties':
        return named(value as readonly PartyId[]);
      case 'shares':
        return named((value as readonly Share[]).map(({ partyId }) => partyId));
      case 'text':
      case 'word':
      case 'words':
      case 'event':
      case 'fen':
      case 'instant':
      case 'length':
      case 'flag':
      case 'form':
      case 'attachments':
        return [];
    }
  });
