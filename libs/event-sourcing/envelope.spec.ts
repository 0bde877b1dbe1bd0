import fc from 'fast-check';
import { seededIds } from './testing/simulated-clock.js';
import { memoryKeyStore } from '#adapters/key-store-memory/key-store-memory.js';
import { canonicalText, isCanonical } from './canonical.js';
import { catalogueOf } from './catalogue.js';
import { decodeEvent, EventUnreadableError, prepareEvent, readEnvelope } from './envelope.js';
import { fillFrame } from './log/frame.js';
import { defineEvent, erased, personal, type CommandContext, type Event, type Personal } from './event.js';
import type { Stamp, StoredEvent } from './ports/event-log.js';
import { createOpener, field, record, verifyDisclosure, type SubjectKey } from './sealing/sealing.js';
import {
  code,
  type CommandId,
  type EventId,
  type Instant,
  type OrganisationId,
  type PartyId,
  type ProgramId,
  type StreamName,
} from './vocabulary.js';

type Filed = Event<
  'Filed',
  'fact',
  { holder: PartyId; days: number; form: Readonly<Record<string, Personal>>; note?: Personal; answeredBy?: Personal }
>;
const filedDefinition = defineEvent<Filed>()({
  type: 'Filed',
  kind: 'fact',
  personal: { form: 'customer', note: 'customer', answeredBy: 'party' },
});
const catalogue = catalogueOf(filedDefinition);

const context: CommandContext = {
  commandId: 'cmd-1' as CommandId,
  name: code('Register'),
  organisation: 'acme' as OrganisationId,
  program: 'riverside' as ProgramId,
  actor: { party: 'desk-1' as PartyId, onBehalfOf: 'dealer-a' as PartyId },
  occurredAt: '2026-03-02T01:06:00.000Z' as Instant,
  receivedAt: '2026-03-02T01:06:01.000Z' as Instant,
  receivedBy: code('edge'),
  policy: code('riverside@3#abc'),
};
const stamp: Stamp = {
  stream: 'dossier-1' as StreamName,
  revision: 4,
  recordedAt: '2026-03-02T01:06:02.000Z' as Instant,
  step: 1,
  of: 2,
};
const filed = (form: Readonly<Record<string, string>>, more: Partial<Filed> = {}): Filed => ({
  type: 'Filed',
  holder: 'dealer-a' as PartyId,
  days: 15,
  form: Object.fromEntries(Object.entries(form).map(([name, value]) => [name, personal(value)])),
  ...more,
});

const world = async (seed = 'envelope') => {
  const keyStore = memoryKeyStore();
  const ids = seededIds(seed);
  const [customer, party] = (await keyStore.makeKeys(2)) as [SubjectKey, SubjectKey];
  const id = ids.uuid();
  const prepare = (event: Filed, given: CommandContext = context) =>
    prepareEvent(event, filedDefinition, given, {
      id,
      ids,
      keyFor: (slot) => (slot === 'customer' ? customer : party),
    });
  return { keyStore, customer, party, id, prepare, opener: createOpener({ keyStore }) };
};
const stored = (id: EventId, data: Uint8Array, place: Partial<StoredEvent> = {}): StoredEvent => ({
  ...stamp,
  position: 9,
  id,
  type: 'Filed',
  commandId: context.commandId,
  data,
  ...place,
});

describe('an event becomes bytes', () => {
  it('writes the whole envelope into the data, in canonical form', async () => {
    const { prepare, id } = await world();
    const data = fillFrame(prepare(filed({ phone: '13800000001' })).frame, stamp);
    expect(isCanonical(data)).toBe(true);
    const { boxes, ...envelope } = JSON.parse(Buffer.from(data).toString()) as Record<string, unknown>;
    expect(envelope).toEqual({
      v: 1,
      id,
      type: 'Filed',
      schema: 1,
      kind: 'fact',
      organisation: 'acme',
      program: 'riverside',
      stream: 'dossier-1',
      revision: 4,
      command: { id: 'cmd-1', name: 'Register', step: 1, of: 2 },
      actor: { party: 'desk-1', onBehalfOf: 'dealer-a' },
      times: {
        occurredAt: context.occurredAt,
        receivedAt: context.receivedAt,
        receivedBy: 'edge',
        recordedAt: stamp.recordedAt,
      },
      policy: 'riverside@3#abc',
      body: { holder: 'dealer-a', days: 15 },
    });
    expect(Object.keys(boxes as object)).toEqual(['customer']);
  });

  it('is canonical for any context and any form, and comes back as it was', async () => {
    const { prepare, id, opener } = await world();
    const word = fc.string({ unit: 'binary', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(word, word, { maxKeys: 6 }),
        fc.option(word, { nil: undefined }),
        fc.record({
          name: word,
          policy: fc.option(word, { nil: undefined }),
          program: fc.option(word, { nil: undefined }),
        }),
        async (form, note, { name, policy, program }) => {
          const { policy: _policy, program: _program, ...bare } = context;
          const given: CommandContext = {
            ...bare,
            name: code(name),
            ...(policy === undefined ? {} : { policy: code(policy) }),
            ...(program === undefined ? {} : { program: program as ProgramId }),
          };
          const event = filed(form, note === undefined ? {} : { note: personal(note) });
          const data = fillFrame(prepare(event, given).frame, stamp);
          expect(isCanonical(data)).toBe(true);
          const recorded = decodeEvent(stored(id, data), catalogue);
          expect(recorded.event).toEqual({ type: 'Filed', holder: 'dealer-a', days: 15 });
          expect(recorded).toMatchObject({
            organisation: 'acme',
            stream: 'dossier-1',
            revision: 4,
            position: 9,
            command: { id: 'cmd-1', name, step: 1, of: 2 },
          });
          expect([recorded.policy, recorded.program]).toEqual([policy, program]);
          // An event without anything personal has no box.
          expect(recorded.boxes.customer === undefined).toBe(Object.keys(form).length === 0 && note === undefined);
          const [opened = new Map()] = await opener.open(Object.values(recorded.boxes));
          expect(record(opened, 'form')).toEqual(new Map(Object.entries(form)));
          expect(field(opened, 'note')).toEqual(note === undefined ? undefined : { value: note });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('seals once: another place changes the stamp and nothing else', async () => {
    const { prepare } = await world();
    const pending = prepare(filed({ phone: '13800000001' }));
    const first = JSON.parse(Buffer.from(fillFrame(pending.frame, stamp)).toString()) as Record<string, unknown>;
    const again = JSON.parse(
      Buffer.from(
        fillFrame(pending.frame, { ...stamp, revision: 5, recordedAt: '2026-03-02T02:00:00.000Z' as Instant }),
      ).toString(),
    ) as Record<string, unknown>;
    expect(again).toEqual({
      ...first,
      revision: 5,
      times: { ...(first.times as object), recordedAt: '2026-03-02T02:00:00.000Z' },
    });
  });

  it('gives each person a box of their own', async () => {
    const { prepare, id, opener, customer, party } = await world();
    const recorded = decodeEvent(
      stored(id, fillFrame(prepare(filed({ phone: '1' }, { answeredBy: personal('李雷') })).frame, stamp)),
      catalogue,
    );
    expect([recorded.boxes.customer?.key, recorded.boxes.party?.key]).toEqual([customer.id, party.id]);
    const [ofCustomer, ofParty] = await opener.open([recorded.boxes.customer!, recorded.boxes.party!]);
    expect([field(ofCustomer!, 'answeredBy'), field(ofParty!, 'answeredBy')]).toEqual([undefined, { value: '李雷' }]);
  });

  it('commits to each field beside its box, so that one can be shown without the others', async () => {
    const { prepare, id, opener } = await world();
    const event = stored(id, fillFrame(prepare(filed({ phone: '13800000001', name: '王小明' })).frame, stamp));
    const [opened] = await opener.open([decodeEvent(event, catalogue).boxes.customer!]);
    const { salt, value } = (opened as ReadonlyMap<string, { salt: string; value: string }>).get('form.phone')!;
    const commitments = readEnvelope(event).boxes.customer!.fields;
    expect(Object.keys(commitments).toSorted()).toEqual(['form.name', 'form.phone']);
    expect(verifyDisclosure(commitments['form.phone']!, 'form.phone', salt, value)).toBe(true);
    expect(verifyDisclosure(commitments['form.name']!, 'form.phone', salt, value)).toBe(false);
  });

  it('leaves an erased field out', async () => {
    const { prepare } = await world();
    expect(prepare(filed({}, { note: erased })).boxes).toEqual({});
  });

  it('writes no personal value in clear', async () => {
    const { prepare } = await world();
    const text = Buffer.from(
      fillFrame(prepare(filed({ phone: '13800000001', name: '王小明' }, { note: personal('住三楼') })).frame, stamp),
    ).toString();
    for (const value of ['13800000001', '王小明', '住三楼']) expect(text).not.toContain(value);
  });

  it('refuses a personal value in a field that was not declared', async () => {
    const { prepare } = await world();
    const smuggled = { ...filed({}), extra: personal('王小明') };
    expect(() => prepare(smuggled)).toThrow('Filed.extra is personal and not declared so');
  });

  it('refuses a declared field that holds something else', async () => {
    const { prepare } = await world();
    const wrong = { ...filed({}), form: { phone: '13800000001' } } as unknown as Filed;
    expect(() => prepare(wrong)).toThrow('Filed.form.phone is declared personal');
  });
});

describe('bytes become an event', () => {
  const bytesOf = (envelope: object): Uint8Array => Buffer.from(canonicalText(envelope));
  const envelopeOf = async () => {
    const { prepare, id } = await world();
    return {
      id,
      envelope: JSON.parse(Buffer.from(fillFrame(prepare(filed({ phone: '1' })).frame, stamp)).toString()) as Record<
        string,
        unknown
      >,
    };
  };

  it.each([
    ['a type nobody knows', { type: 'Vanished' }, { type: 'Vanished' }, 'is of type Vanished, schema 1'],
    ['a schema newer than the program', { schema: 2 }, {}, 'is of type Filed, schema 2'],
    ['an envelope newer than the program', { v: 2 }, {}, 'has an envelope of version 2'],
    ['bytes of another revision', { revision: 5 }, {}, 'holds the bytes of another place (dossier-1@5)'],
    ['bytes of another stream', { stream: 'dossier-2' }, {}, 'holds the bytes of another place (dossier-2@4)'],
    ['bytes of another event', { id: 'other' }, {}, 'holds the bytes of another place'],
  ])('stops at %s, and says so in both languages', async (_what, change, place, says) => {
    const { id, envelope } = await envelopeOf();
    const reading = () => decodeEvent(stored(id, bytesOf({ ...envelope, ...change }), place), catalogue);
    expect(reading).toThrow(EventUnreadableError);
    expect(reading).toThrow(says);
    expect(reading).toThrow('不跳过任何事件');
  });

  it('stops at bytes that are no JSON', async () => {
    const { id } = await envelopeOf();
    expect(() => decodeEvent(stored(id, Buffer.from('{')), catalogue)).toThrow('is not valid JSON');
  });

  it('lifts a body of an older schema', async () => {
    const { id, envelope } = await envelopeOf();
    const lifting = catalogueOf({
      ...filedDefinition,
      schema: 2,
      lift: ({ days, ...body }, schema) => ({ ...body, lasts: { days }, liftedFrom: schema }),
    });
    const recorded = decodeEvent(stored(id, bytesOf(envelope)), lifting);
    expect(recorded.event).toEqual({ type: 'Filed', holder: 'dealer-a', lasts: { days: 15 }, liftedFrom: 1 });
  });
});

describe('a catalogue', () => {
  it('refuses two definitions of one name', () => {
    expect(() => catalogueOf(filedDefinition, { ...filedDefinition })).toThrow('Two definitions of event Filed');
  });
  it('refuses a later schema that cannot lift the earlier ones', () => {
    expect(() => catalogueOf({ ...filedDefinition, schema: 2 })).toThrow('no `lift`');
  });
  it('refuses a personal field with a dot in its name', () => {
    expect(() => catalogueOf({ ...filedDefinition, personal: { 'form.phone': 'customer' } })).toThrow('has a dot');
  });
});
