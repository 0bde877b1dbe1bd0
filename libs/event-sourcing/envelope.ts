import { canonicalText } from './canonical.js';
import type { EventCatalogue } from './catalogue.js';
import type {
  AnyEvent,
  AsRecorded,
  Box,
  CommandContext,
  EventDefinition,
  EventKind,
  PersonalValue,
  PersonSlot,
  Recorded,
} from './event.js';
import type { Ids } from './ports/clock.js';
import type { Frame, PendingEvent, StoredEvent } from './ports/event-log.js';
import { sealBox, type OpenedBox, type SealedBox, type SubjectKey } from './sealing/sealing.js';
import type {
  Actor,
  Code,
  EventId,
  OrganisationId,
  ProgramId,
  Revision,
  StreamName,
  SubjectKeyId,
  Times,
  User,
} from './vocabulary.js';

export type { EventCatalogue };

/** Version of the envelope itself; bodies have their own (`schema`). */
export const envelopeVersion = 1;

/** The JSON of an event's bytes, described for other programs in docs/reference/event-format.md. */
export interface Envelope {
  readonly v: typeof envelopeVersion;
  readonly id: EventId;
  readonly type: string;
  readonly schema: number;
  readonly kind: EventKind;
  readonly organisation: OrganisationId;
  readonly program?: ProgramId;
  readonly stream: StreamName;
  readonly revision: Revision;
  readonly command: Recorded['command'];
  readonly actor: Actor;
  readonly times: Times;
  readonly policy?: Code;
  /** The event without its type and without its personal fields. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly boxes: Readonly<Partial<Record<PersonSlot, EnvelopeBox>>>;
}
/** A box as it stands in an envelope; its event and slot are those it stands in. `fields`: commitment per path. */
export interface EnvelopeBox {
  readonly alg: 'A256GCM';
  readonly key: SubjectKeyId;
  readonly nonce: string;
  readonly sealed: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** An event that is ready for the log: sealed once, so that another place in the log gives the same boxes. */
export interface PreparedEvent extends PendingEvent {
  readonly boxes: Readonly<Partial<Record<PersonSlot, Box>>>;
}

export interface Preparation {
  readonly id: EventId;
  /** The key of each person in the event. Asked once per slot that has something to seal. */
  readonly keyFor: (slot: PersonSlot) => SubjectKey;
  readonly ids: Pick<Ids, 'bytes'>;
}

/**
 * Seals an event's personal fields and leaves open only what the log alone knows.
 * A personal field that is already erased is left out: nothing is left that could be sealed.
 * Throws when the event is not of the definition's type, when a declared field does not hold personal values, when an
 * undeclared one does, and `CanonicalError` when the body holds what JSON cannot carry.
 */
export const prepareEvent = (
  event: AnyEvent,
  definition: EventDefinition,
  context: CommandContext,
  { id, keyFor, ids }: Preparation,
): PreparedEvent => {
  if (event.type !== definition.type)
    throw new TypeError(`Event ${event.type} was given the definition of ${definition.type}`);
  const { body, personal } = separate(event, definition);
  if (context.user !== undefined) personal.set('user', new Map([['user', userValue(context.user)]]));
  const sealed = [...personal].map(([slot, values]) => sealBox(id, slot, values, keyFor(slot), ids));
  return {
    id,
    type: event.type,
    boxes: Object.fromEntries(sealed.map(({ box }) => [box.slot, box])),
    frame: frameOf(
      id,
      definition,
      context,
      canonicalText(body),
      canonicalText(Object.fromEntries(sealed.map(inEnvelope))),
    ),
  };
};

/** One field, so that a login costs one salt and one commitment, and is disclosed whole or not at all. */
const userValue = ({ issuer, subject }: User): PersonalValue => [issuer, subject];
/** The login in an opened `user` box; undefined where it was erased. */
export const userIn = (opened: OpenedBox | 'erased'): User | undefined => {
  const found = opened === 'erased' ? undefined : opened.get('user')?.value;
  return Array.isArray(found) ? { issuer: String(found[0]), subject: String(found[1]) } : undefined;
};

const inEnvelope = ({ box: { alg, key, nonce, sealed, slot }, fields }: SealedBox): [PersonSlot, EnvelopeBox] => [
  slot,
  { alg, key, nonce, sealed, fields },
];

/** What is written in clear, and per person what is sealed. */
const separate = (
  event: AnyEvent,
  definition: EventDefinition,
): { body: Record<string, unknown>; personal: Map<PersonSlot, Map<string, PersonalValue>> } => {
  const body: Record<string, unknown> = {};
  const personal = new Map<PersonSlot, Map<string, PersonalValue>>();
  for (const [name, value] of Object.entries(event)) {
    if (name === 'type' || value === undefined) continue;
    const slot = Object.hasOwn(definition.personal, name) ? definition.personal[name] : undefined;
    if (slot === undefined) {
      if (isPersonal(value))
        throw new TypeError(`${event.type}.${name} is personal and not declared so: it would be written in clear`);
      body[name] = value;
      continue;
    }
    const values = personal.get(slot) ?? new Map<string, PersonalValue>();
    for (const [path, found] of valuesOf(value, name, event.type)) values.set(path, found);
    if (values.size > 0) personal.set(slot, values);
  }
  return { body, personal };
};

const isPersonal = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'value' || keys[0] === 'erased');
};

/** Paths and values of one personal field: itself, or the entries of a record. */
const valuesOf = (value: unknown, name: string, type: string): readonly [string, PersonalValue][] => {
  const entries: readonly [string, unknown][] = isPersonal(value)
    ? [[name, value]]
    : Object.entries(value as object).map(([key, entry]) => [`${name}.${key}`, entry]);
  return entries.flatMap(([path, entry]): [string, PersonalValue][] => {
    if (entry === undefined) return [];
    if (!isPersonal(entry))
      throw new TypeError(
        `${type}.${path} is declared personal and holds something else: write it with \`personal()\``,
      );
    return 'value' in (entry as object) ? [[path, (entry as { value: PersonalValue }).value]] : [];
  });
};

const text = (value: string): string => canonicalText(value);
const optional = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `"${name}":${text(value)},`;

/**
 * Everything but the stamp, written beforehand, in canonical order (actor, body, boxes, command, id, kind,
 * organisation, policy, program,
 * revision, schema, stream, times, type, v).
 */
const frameOf = (
  id: EventId,
  definition: EventDefinition,
  context: CommandContext,
  body: string,
  boxes: string,
): Frame => {
  const toCommand = `{"actor":${canonicalText(context.actor)},"body":${body},"boxes":${boxes},"command":{${optional('fingerprint', context.fingerprint)}"id":${text(context.commandId)},"name":${text(context.name)},"of":`;
  const toRevision = `},"id":${text(id)},"kind":${text(definition.kind)},"organisation":${text(context.organisation)},${optional('policy', context.policy)}${optional('program', context.program)}"revision":`;
  const toTimes = `,"times":{"occurredAt":${text(context.occurredAt)},"receivedAt":${text(context.receivedAt)},"receivedBy":${text(context.receivedBy)},"recordedAt":`;
  const toEnd = `},"type":${text(definition.type)},"v":${envelopeVersion}}`;
  return [
    toCommand,
    { stamp: 'of' },
    ',"step":',
    { stamp: 'step' },
    toRevision,
    { stamp: 'revision' },
    `,"schema":${definition.schema},"stream":`,
    { stamp: 'stream' },
    toTimes,
    { stamp: 'recordedAt' },
    toEnd,
  ];
};

/** Bytes that this program cannot read. Reading stops here; no event is ever skipped. */
export class EventUnreadableError extends Error {
  override readonly name = 'EventUnreadableError';
  constructor(
    readonly stored: Pick<StoredEvent, 'position' | 'stream' | 'revision' | 'type'>,
    zh: string,
    en: string,
    options?: ErrorOptions,
  ) {
    super(
      `位置 ${stored.position}（${stored.stream}@${stored.revision}）的事件${zh}，读取到此为止，不跳过任何事件。 / The event at position ${stored.position} (${stored.stream}@${stored.revision}) ${en}; reading stops here, no event is skipped.`,
      options,
    );
  }
}

/**
 * Reads an event back. Personal fields are left out and stand in `boxes`; bodies of older schemas are lifted.
 * Throws `EventUnreadableError` for a type, schema or envelope this program does not know, and for bytes that belong to
 * another place of the log.
 */
export const decodeEvent = (stored: StoredEvent, catalogue: EventCatalogue): Recorded => {
  const envelope = readEnvelope(stored);
  const definition = catalogue.get(envelope.type);
  if (definition === undefined || envelope.schema > definition.schema) {
    throw new EventUnreadableError(
      stored,
      `类型为 ${envelope.type}（结构版本 ${envelope.schema}），本程序版本不认识；请安装写入它的版本`,
      `is of type ${envelope.type}, schema ${envelope.schema}, which this version of the program does not know: install the version that wrote it`,
    );
  }
  const body =
    envelope.schema < definition.schema
      ? definition.lift!(envelope.body as Record<string, unknown>, envelope.schema)
      : envelope.body;
  const { kind, id, stream, revision, organisation, program, command, actor, times, policy } = envelope;
  return {
    event: { ...body, type: envelope.type } as AsRecorded<AnyEvent>,
    kind,
    id,
    stream,
    revision,
    position: stored.position,
    organisation,
    ...(program === undefined ? {} : { program }),
    command,
    actor,
    times,
    ...(policy === undefined ? {} : { policy }),
    boxes: boxesOf(envelope),
  };
};

/**
 * The envelope of a stored event, with the commitments that `decodeEvent` leaves out; for packs and verifiers. Throws
 * as `decodeEvent` does.
 */
export const readEnvelope = (stored: StoredEvent): Envelope => {
  let envelope: Envelope;
  try {
    envelope = JSON.parse(
      Buffer.from(stored.data.buffer, stored.data.byteOffset, stored.data.byteLength).toString('utf8'),
    ) as Envelope;
  } catch (cause) {
    throw new EventUnreadableError(stored, '不是有效的 JSON', 'is not valid JSON', { cause });
  }
  if (envelope?.v !== envelopeVersion) {
    throw new EventUnreadableError(
      stored,
      `信封版本为 ${envelope?.v}，本程序只认识 ${envelopeVersion}`,
      `has an envelope of version ${envelope?.v}; this program knows ${envelopeVersion}`,
    );
  }
  if (
    envelope.id !== stored.id ||
    envelope.type !== stored.type ||
    envelope.stream !== stored.stream ||
    envelope.revision !== stored.revision
  ) {
    throw new EventUnreadableError(
      stored,
      `的内容属于另一处（${envelope.stream}@${envelope.revision}）`,
      `holds the bytes of another place (${envelope.stream}@${envelope.revision})`,
    );
  }
  return envelope;
};

const boxesOf = ({ id, boxes }: Envelope): Recorded['boxes'] => {
  const read: Partial<Record<PersonSlot, Box>> = {};
  for (const slot of Object.keys(boxes) as PersonSlot[]) {
    const { alg, key, nonce, sealed } = boxes[slot]!;
    read[slot] = { alg, key, event: id, slot, nonce, sealed };
  }
  return read;
};
