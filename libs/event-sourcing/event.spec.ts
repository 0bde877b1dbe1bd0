import { defineEvent, openly, type Event, type Personal } from './event.js';
import type { Brand, ClearText, Code, Instant, PartyId, Reason } from './vocabulary.js';

/*
 * What the compiler must refuse: every line below a `@ts-expect-error` is an event that would write personal data in
 * clear, or could not
 * be written at all. `npm run types` fails when one of them compiles.
 */
type WithText = Event<'WithText', 'fact', { note: string }>;
type WithDeepText = Event<
  'WithDeepText',
  'fact',
  { place: { readonly rooms: readonly { readonly remark?: string }[] } }
>;
type WithTemplate = Event<'WithTemplate', 'fact', { reference: `R${string}` }>;
type WithEitherText = Event<'WithEitherText', 'fact', { by: PartyId | string }>;
type WithNote = Event<'WithNote', 'fact', { note?: Personal }>;
type WithForm = Event<
  'WithForm',
  'fact',
  { form: Readonly<Record<string, Personal>>; area: Personal<number>; tags: Personal<readonly string[]> }
>;
type WithNested = Event<'WithNested', 'fact', { visit: { readonly guest: Personal } }>;
type WithNestedFlag = Event<'WithNestedFlag', 'fact', { visits: readonly Personal<boolean>[] }>;
type WithNestedForm = Event<'WithNestedForm', 'fact', { visit: { readonly form: Readonly<Record<string, Personal>> } }>;
type WithSource = Event<'WithSource', 'fact', { size: { readonly value: number; readonly unit: 'm2' } }>;
type WithSourceText = Event<'WithSourceText', 'fact', { size: { readonly value: string; readonly unit: 'm2' } }>;
type WithBigint = Event<'WithBigint', 'fact', { amount: bigint }>;
type WithDate = Event<'WithDate', 'fact', { at: Date }>;
type WithUnknown = Event<'WithUnknown', 'fact', { payload: unknown }>;
type WithAnything = Event<'WithAnything', 'fact', { payload: object }>;
type Plain = Event<
  'Plain',
  'ruling',
  {
    by: PartyId;
    at: Instant;
    state: 'live' | 'ended';
    days: number;
    because: Reason;
    title: ClearText;
    choice?: Code | null;
    lines: readonly { readonly id: Brand<string, 'LineId'>; readonly weight: number; readonly last?: boolean }[];
    counts: Readonly<Record<string, number>>;
  }
>;
type Split = Event<
  'Split',
  'ruling',
  {
    registrationId: Brand<string, 'RegistrationId'>;
    holder: PartyId;
    shares?: readonly { readonly partyId: PartyId; readonly weight: number }[];
    note: Personal;
    amount: Brand<string, 'Fen'>;
    at: Instant;
    because: readonly Reason[];
  }
>;
type Bare = Event<'Bare', 'fact', object>;

describe('declaring an event', () => {
  it('takes branded text, literals, numbers, and personal fields that are declared', () => {
    expect(defineEvent<Plain>()({ type: 'Plain', kind: 'ruling', personal: {} })).toEqual({
      type: 'Plain',
      kind: 'ruling',
      schema: 1,
      keyPer: 'stream',
      personal: {},
    });
    expect(
      defineEvent<WithNote>()({ type: 'WithNote', kind: 'fact', personal: { note: 'customer' }, keyPer: 'event' })
        .keyPer,
    ).toBe('event');
    expect(
      defineEvent<WithForm>()({
        type: 'WithForm',
        kind: 'fact',
        schema: 2,
        personal: { form: 'customer', area: 'customer', tags: 'party' },
        lift: (body) => body,
      }).schema,
    ).toBe(2);
    expect(defineEvent<WithSource>()({ type: 'WithSource', kind: 'fact', personal: {} }).personal).toEqual({});
    expect(defineEvent<Bare>()({ type: 'Bare', kind: 'fact', personal: {} }).type).toBe('Bare');
  });

  it('does not compile while a party may see it and a field that tells of others has no fitting answer', () => {
    const answers = {
      registrationId: 'ifOwn',
      holder: 'ifSelf',
      shares: 'ownLines',
      note: 'redacted',
      amount: 'hidden',
      at: 'shown',
      because: 'shown',
    } as const;
    const { shares: _lines, ...withoutLines } = answers;
    const { amount: _amount, ...withoutAmount } = answers;
    const { note: _note, ...withoutNote } = answers;
    const { at: _at, ...withoutTime } = answers;
    const plain = { type: 'Split', kind: 'ruling', personal: { note: 'customer' }, whose: 'registration' } as const;
    expect(defineEvent<Split>()({ ...plain, toParty: answers }).toParty).toEqual(answers);
    const refused = [
      // @ts-expect-error seen by whose it is, and no answers
      defineEvent<Split>()({ type: 'Split', kind: 'ruling', personal: { note: 'customer' }, whose: 'registration' }),
      // @ts-expect-error answers, and not said whose it is
      defineEvent<Split>()({ type: 'Split', kind: 'ruling', personal: { note: 'customer' }, toParty: answers }),
      // @ts-expect-error lines of parties without an answer
      defineEvent<Split>()({ ...plain, toParty: withoutLines }),
      // @ts-expect-error an amount without an answer
      defineEvent<Split>()({ ...plain, toParty: withoutAmount }),
      // @ts-expect-error text about a person without an answer
      defineEvent<Split>()({ ...plain, toParty: withoutNote }),
      // @ts-expect-error a party is never just shown
      defineEvent<Split>()({ ...plain, toParty: { ...answers, holder: 'shown' } }),
      // @ts-expect-error neither are lines of parties
      defineEvent<Split>()({ ...plain, toParty: { ...answers, shares: 'shown' } }),
      // @ts-expect-error a field that tells of nobody: what is not declared is hidden, so it is declared too
      defineEvent<Split>()({ ...plain, toParty: withoutTime }),
      // @ts-expect-error a party is not shown under the name of what tells of nobody
      defineEvent<Split>()({ ...plain, toParty: { ...answers, ...openly('at', 'holder') } }),
      // @ts-expect-error no field of the event
      defineEvent<Split>()({ ...plain, toParty: { ...answers, rank: 'shown' } }),
      // @ts-expect-error it names no case that could be somebody's
      defineEvent<Split>()({ ...plain, whose: 'case', toParty: answers }),
    ];
    expect(refused).toHaveLength(11);
  });

  it('does not compile with unclassified text, a personal field that is undeclared or too deep, or what JSON cannot carry', () => {
    const refused = [
      // @ts-expect-error plain text
      defineEvent<WithText>()({ type: 'WithText', kind: 'fact', personal: {} }),
      // @ts-expect-error plain text below the top level
      defineEvent<WithDeepText>()({ type: 'WithDeepText', kind: 'fact', personal: {} }),
      // @ts-expect-error a template with a hole holds any text
      defineEvent<WithTemplate>()({ type: 'WithTemplate', kind: 'fact', personal: {} }),
      // @ts-expect-error one half of a union is plain text
      defineEvent<WithEitherText>()({ type: 'WithEitherText', kind: 'fact', personal: {} }),
      // @ts-expect-error a personal field that nobody declared
      defineEvent<WithNote>()({ type: 'WithNote', kind: 'fact', personal: {} }),
      // @ts-expect-error one of several that nobody declared
      defineEvent<WithForm>()({ type: 'WithForm', kind: 'fact', personal: { form: 'customer', area: 'customer' } }),
      // @ts-expect-error a slot that does not exist
      defineEvent<WithNote>()({ type: 'WithNote', kind: 'fact', personal: { note: 'neighbour' } }),
      // @ts-expect-error a declared field that is not personal
      defineEvent<Plain>()({ type: 'Plain', kind: 'ruling', personal: { by: 'party' } }),
      // @ts-expect-error a personal field below the top level
      defineEvent<WithNested>()({ type: 'WithNested', kind: 'fact', personal: {} }),
      // @ts-expect-error a personal field in a list
      defineEvent<WithNestedFlag>()({ type: 'WithNestedFlag', kind: 'fact', personal: {} }),
      // @ts-expect-error a personal record below the top level
      defineEvent<WithNestedForm>()({ type: 'WithNestedForm', kind: 'fact', personal: {} }),
      // @ts-expect-error text beside a unit is not a personal field, so it is unclassified
      defineEvent<WithSourceText>()({ type: 'WithSourceText', kind: 'fact', personal: {} }),
      // @ts-expect-error JSON has no bigint
      defineEvent<WithBigint>()({ type: 'WithBigint', kind: 'fact', personal: {} }),
      // @ts-expect-error JSON has no date
      defineEvent<WithDate>()({ type: 'WithDate', kind: 'fact', personal: {} }),
      // @ts-expect-error nobody can say what it holds
      defineEvent<WithUnknown>()({ type: 'WithUnknown', kind: 'fact', personal: {} }),
      // @ts-expect-error nobody can say what it holds
      defineEvent<WithAnything>()({ type: 'WithAnything', kind: 'fact', personal: {} }),
      // @ts-expect-error a ruling is not a fact
      defineEvent<Plain>()({ type: 'Plain', kind: 'fact', personal: {} }),
      // @ts-expect-error another event's name
      defineEvent<Plain>()({ type: 'Bare', kind: 'ruling', personal: {} }),
    ];
    expect(refused).toHaveLength(18);
  });
});
