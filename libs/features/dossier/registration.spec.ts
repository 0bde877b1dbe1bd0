import { happeningOf, type Recorded } from '#event-sourcing/event.js';
import type { ReadModel } from '#event-sourcing/projection/read-model.js';
import type { CalendarDate, Code, EventId, Instant, PartyId, Reasons } from '#event-sourcing/vocabulary.js';
import { applyDossier, emptyDossier, protecting, type Dossier } from './dossier.js';
import type { CaseId, DossierEvent, DossierId, ProtectionWindow, RegistrationId } from './events.js';
import { ownerAt, ownership } from './protection/ownership/ownership.js';
import { protectionStatus } from './protection/protection-status/protection-status.js';
import { isRescindable, lifeEvents, rescindable } from './registration.js';
import { registrationCard } from './registration/registration-card/registration-card.js';

/** The fold reads no reasons. */
const unsaid = [] as unknown as Reasons;
const day = (date: string): Instant => `2026-03-${date}T02:00:00.000Z` as Instant;
const until = (date: string): ProtectionWindow => ({
  startsAt: day('02'),
  endsAt: day(date),
  lastDay: `2026-03-${date}` as CalendarDate,
});
const claim = (n: number): RegistrationId => `d1.${n}` as RegistrationId;
const filing = (n: number, more: object = {}): DossierEvent => ({
  type: 'Registered',
  registrationId: claim(n),
  programId: 'rehearsal' as never,
  holder: `dealer-${n}` as PartyId,
  class: 'walkIn' as Code,
  channel: 'system' as Code,
  rankedAt: day('02'),
  form: {},
  details: {},
  attachments: [],
  because: unsaid,
  ...more,
});
const yes = (n: number, end = '09'): DossierEvent => ({
  type: 'Approved',
  registrationId: claim(n),
  holder: `dealer-${n}` as PartyId,
  class: 'walkIn' as Code,
  protection: until(end),
  because: unsaid,
});
const conflict = (cause: 'secondClaim' | 'objection' | 'lateArrival', claims: readonly number[]): DossierEvent => ({
  type: 'ConflictRaised',
  caseId: 'd1.c1' as CaseId,
  cause,
  claims: claims.map(claim),
  arbiters: [],
  because: unsaid,
});

/** Each event on a day of its own, from 2 March on. */
const recordedOn = (event: DossierEvent, index: number): Recorded<DossierEvent> => {
  const at = day(String(index + 1).padStart(2, '0'));
  return {
    event,
    id: `e${index}` as EventId,
    stream: `dossier-${'d1' as DossierId}`,
    program: 'rehearsal',
    actor: { party: 'desk' as PartyId },
    times: { occurredAt: at, receivedAt: at, receivedBy: 'system' as Code, recordedAt: at },
    policy: 'rehearsal@1#0' as Code,
    boxes: {},
    command: { id: `c${index}` },
    position: index,
  } as unknown as Recorded<DossierEvent>;
};
const opened = { type: 'DossierOpened', dossierId: 'd1', programId: 'rehearsal' } as unknown as DossierEvent;
const lived = (...events: readonly DossierEvent[]): Dossier =>
  [opened, ...events].reduce(
    (dossier: Dossier, event, index) => applyDossier(dossier, happeningOf(recordedOn(event, index))),
    emptyDossier,
  );
/** The rows of a read model after the same events. */
const shown = <Row extends object>(
  model: ReadModel<Row>,
  ...events: readonly DossierEvent[]
): ReadonlyMap<string, Row> => {
  const rows = new Map<string, Row>();
  for (const [index, event] of [opened, ...events].entries()) {
    const recorded = recordedOn(event, index) as unknown as Recorded;
    const handler = model.on[event.type];
    for (const id of handler?.ids(recorded) ?? []) {
      const row = handler!.fold(rows.get(id), recorded, id);
      if (typeof row === 'object') rows.set(id, row);
    }
  }
  return rows;
};

describe('the life of a claim', () => {
  it('the rulings that may be taken back are those that remember what they found', () => {
    expect(lifeEvents.filter(isRescindable).toSorted()).toEqual(rescindable.toSorted());
    const { rulings } = lived(filing(1), yes(1)).registrations.get(claim(1))!;
    expect(rulings).toMatchObject([{ id: 'e2', type: 'Approved', found: { state: 'underReview' } }]);
  });

  it('an act that is taken back leaves nothing in the life and nothing on the card: no count, no step, no share', () => {
    const about = { registrationId: claim(1) };
    const acts = [
      { type: 'VisitRecorded', ...about, by: 'dealer-a' },
      { type: 'SplitAgreed', ...about, shares: [{ partyId: 'dealer-b', weight: 1 }], agreedBy: [] },
      { type: 'StageAdvanced', ...about, ladder: 'progress', step: 'sampled', because: [] },
    ] as unknown as readonly DossierEvent[];
    const back = (index: number, type: string, more: object) =>
      ({
        type: 'RulingRescinded',
        ruling: `e${index}`,
        rulingType: type,
        ...about,
        holder: 'dealer-a',
        restored: { state: 'underReview', class: 'walkIn', extensionCount: 0, ...more },
        hangingOnIt: [],
        because: [],
      }) as unknown as DossierEvent;
    const events = [
      filing(1),
      ...acts,
      back(3, 'SplitAgreed', { shares: [] }),
      back(2, 'VisitRecorded', { stages: [{ ladder: 'progress' }] }),
    ];
    const after = lived(...events).registrations.get(claim(1))!;
    expect([after.acts.size, after.stages.size, after.shares, after.sharesBasis]).toEqual([0, 0, undefined, undefined]);
    expect(after.recorded.map(({ rescinded }) => rescinded)).toEqual([true, true]);
    const card = shown(registrationCard, ...events).get(claim(1))!;
    expect([card.shares, card.stages]).toEqual([undefined, undefined]);
  });

  it('a claim in a case remembers what it was, also when another joins the case', () => {
    const { registrations } = lived(
      filing(1),
      filing(2),
      conflict('secondClaim', [1, 2]),
      filing(3),
      conflict('lateArrival', [1, 2, 3]),
    );
    expect(registrations.get(claim(2))).toMatchObject({
      state: 'inCase',
      caseId: 'd1.c1',
      before: { state: 'underReview' },
    });
  });

  it('a claim that joins an open case changes neither its cause nor its beginning', () => {
    const { cases } = lived(
      filing(1),
      filing(2),
      conflict('objection', [1, 2]),
      filing(3),
      conflict('lateArrival', [1, 2, 3]),
    );
    expect(cases.get('d1.c1' as CaseId)).toMatchObject({
      cause: 'objection',
      raisedAt: day('04'),
      claims: ['d1.1', 'd1.2', 'd1.3'],
    });
  });

  it('an older event that says nothing of class and end restores what the ruling found', () => {
    const { registrations } = lived(
      filing(1),
      yes(1, '04'),
      { type: 'Upgraded', registrationId: claim(1), class: 'paid' as Code, protection: until('20'), because: unsaid },
      {
        type: 'RulingRescinded',
        ruling: 'e3' as EventId,
        rulingType: 'Upgraded' as Code,
        registrationId: claim(1),
        holder: 'dealer-1' as PartyId,
        restored: { state: 'expired' },
        hangingOnIt: [],
        grounds: { value: '点错' },
        because: unsaid,
      },
    );
    expect(registrations.get(claim(1))).toMatchObject({
      state: 'expired',
      class: 'walkIn',
      closedAt: day('04'),
      protection: { state: 'ended', window: until('04'), endedAt: day('04') },
    });
  });

  it('an extension taken back after the old end ends the claim there, in its life, on its card and in the line of owners alike', () => {
    const events: readonly DossierEvent[] = [
      filing(1),
      yes(1, '04'),
      { type: 'Extended', registrationId: claim(1), protection: until('20'), count: 1, because: unsaid },
      {
        type: 'RulingRescinded',
        ruling: 'e3' as EventId,
        rulingType: 'Extended' as Code,
        registrationId: claim(1),
        holder: 'dealer-1' as PartyId,
        restored: { state: 'expired', ended: until('04'), class: 'walkIn' as Code, extensionCount: 0 },
        hangingOnIt: [],
        grounds: { value: '点错' },
        because: unsaid,
      },
    ];
    expect(lived(...events).registrations.get(claim(1))).toMatchObject({ state: 'expired', closedAt: day('04') });
    expect(shown(registrationCard, ...events).get(claim(1))).toMatchObject({
      state: 'expired',
      endedAt: day('04'),
      endsAt: day('04'),
    });
    const line = shown(ownership, ...events).get('d1')!;
    expect(line.intervals).toMatchObject([{ open: false, until: day('04') }]);
    expect(ownerAt(line, day('03'))?.owner).toBe('dealer-1');
    expect(ownerAt(line, day('04'))).toBeUndefined();
    expect(shown(protectionStatus, ...events).get('d1')?.owner).toBeUndefined();
  });

  it('what was found void never owned, until that is taken back; its spans stay and say so', () => {
    const events: readonly DossierEvent[] = [
      filing(1),
      yes(1, '20'),
      {
        type: 'Transferred',
        registrationId: claim(1),
        from: 'dealer-1' as PartyId,
        to: 'dealer-2' as PartyId,
        grounds: { value: '离职' },
        because: unsaid,
      },
      {
        type: 'Terminated',
        registrationId: claim(1),
        cause: 'falseFiling' as Code,
        effect: 'void',
        endedAt: day('10'),
        because: unsaid,
      },
    ];
    const line = shown(ownership, ...events).get('d1')!;
    expect(line.intervals.map(({ owner, voidBy }) => [owner, voidBy])).toEqual([
      ['dealer-1', 'e4'],
      ['dealer-2', 'e4'],
    ]);
    for (const date of ['02', '05', '09', '15']) expect(ownerAt(line, day(date))).toBeUndefined();
    const back: DossierEvent = {
      type: 'RulingRescinded',
      ruling: 'e4' as EventId,
      rulingType: 'Terminated' as Code,
      registrationId: claim(1),
      holder: 'dealer-2' as PartyId,
      restored: { state: 'protected', protection: until('20'), class: 'walkIn' as Code, extensionCount: 0 },
      hangingOnIt: [],
      grounds: { value: '点错' },
      because: unsaid,
    };
    const again = shown(ownership, ...events, back).get('d1')!;
    expect(again.intervals.filter(({ voidBy }) => voidBy !== undefined)).toEqual([]);
    expect(again.intervals.at(-1)).toMatchObject({ owner: 'dealer-2', open: true, until: day('20') });
  });

  it('claims of two kinds stand beside each other; of records and of several none is the one that protects', () => {
    const design = { kind: 'design' as Code };
    const dossier = lived(
      filing(1),
      yes(1),
      filing(2, design),
      yes(2),
      filing(3, { claims: 'none' }),
      filing(4, { claims: 'several' }),
      yes(4),
    );
    expect(protecting(dossier, day('03'), {})?.id).toBe('d1.1');
    expect(protecting(dossier, day('03'), design)?.id).toBe('d1.2');
    expect(dossier.registrations.get(claim(4))?.state).toBe('protected');
  });
});
