import { catalogue } from '../../edge/catalogue.js';
import type { HistoryEntry } from './history.js';
import { asSeenByParty, type OwnPart, type SeenEntry } from './seen-by-party.js';

const own: OwnPart = {
  party: 'amy' as OwnPart['party'],
  registrations: new Set(['d.1']),
  cases: new Set(['d.c1', 'd.c3']),
  shared: new Set(['d.c3']),
  rivals: new Set(['ben', 'dora']),
};
const box = { slot: 'customer' } as HistoryEntry['boxes'][number];
const entry = (type: string, body: object, by = 'clerk', command = 'Approve'): HistoryEntry =>
  ({
    subject: 'd',
    position: 1,
    type,
    kind: 'ruling',
    command,
    actor: { party: by },
    body,
    boxes: [box],
  }) as unknown as HistoryEntry;
const seen = (type: string, body: object, by?: string): SeenEntry | undefined =>
  asSeenByParty(entry(type, body, by), own, catalogue);

describe('a dossier as a party to it may read it', () => {
  it('what happened to its own claim, whoever ruled it', () => {
    expect(seen('Approved', { registrationId: 'd.1', holder: 'amy' })).toEqual({
      ...entry('Approved', { registrationId: 'd.1', holder: 'amy' }),
      // Its opinion, where it has one, names neither numbers nor others; who sat at the office's desk is not told.
      redacted: true,
      user: undefined,
    });
  });
  it("nothing of another's claim, attempt, question or reading", () => {
    expect([
      seen('Registered', { registrationId: 'd.2', holder: 'ben' }, 'ben'),
      seen('CommandRefused', { subject: 'd' }, 'ben'),
      seen('AvailabilityAsked', { subject: 'd' }, 'ben'),
      seen('RecordRead', { subject: 'd' }, 'auditor'),
      seen('DossierOpened', { dossierId: 'd' }, 'ben'),
      seen('KeyBound', { dossierId: 'd' }, 'amy'),
      seen('Arbitrated', { caseId: 'd.c2' }),
      seen('PermissionGranted', { partyId: 'ben' }),
      seen('DealRecorded', { dealId: 'd.d1', closedBy: 'ben' }),
    ]).toEqual(Array.from({ length: 9 }, () => undefined));
  });
  it('its own attempts, questions and permissions', () => {
    expect(
      [
        seen('CommandRefused', {}, 'amy'),
        seen('AvailabilityAsked', {}, 'amy'),
        seen('PermissionGranted', { partyId: 'amy' }),
        seen('DossierOpened', {}, 'amy'),
      ].every((one) => one !== undefined),
    ).toBe(true);
  });
  it('nothing of what an office writes about several customers', () => {
    const written = (type: string, body: object, command: string) =>
      asSeenByParty(entry(type, body, 'clerk', command), own, catalogue)!.boxes;
    expect(written('Arbitrated', { caseId: 'd.c1' }, 'Arbitrate')).toEqual([box]);
    expect(written('Arbitrated', { caseId: 'd.c3' }, 'Arbitrate')).toEqual([]);
    expect(written('RulingRescinded', { registrationId: 'd.1' }, 'RescindRuling')).toEqual([box]);
    expect(written('RulingRescinded', { registrationId: 'd.1' }, 'Separate')).toEqual([]);
  });
  it('of a case that somebody is in it, never who', () => {
    const conflict = seen(
      'ConflictRaised',
      { caseId: 'd.c1', claims: ['d.1', 'd.2'], suspended: { registrationId: 'd.2' } },
      'ben',
    )!;
    expect([conflict.actor.party, conflict.body]).toEqual([
      '',
      { caseId: 'd.c1', claims: ['d.1'], suspended: undefined },
    ]);
    expect(
      seen('ConflictRaised', { caseId: 'd.c1', claims: ['d.1'], suspended: { registrationId: 'd.1', left: 3 } })!.body[
        'suspended'
      ],
    ).toEqual({ registrationId: 'd.1', left: 3 });
  });
  it('of a verdict the outcome, its own share and the reasons, without who the others are', () => {
    const shares = [
      { partyId: 'amy', weight: 1 },
      { partyId: 'ben', weight: 2 },
    ];
    const won = seen('Arbitrated', { caseId: 'd.c1', winner: 'd.1', shares })!;
    const lost = seen('Arbitrated', { caseId: 'd.c1', winner: 'd.2', shares })!;
    expect([won.body, won.boxes]).toEqual([{ caseId: 'd.c1', winner: 'd.1', shares: [shares[0]] }, [box]]);
    expect([lost.body, lost.boxes]).toEqual([{ caseId: 'd.c1', winner: undefined, shares: [shares[0]] }, [box]]);
    expect([won.redacted, lost.redacted]).toEqual([true, true]);
  });
  it('of a deal its own line, of a transfer its own side', () => {
    expect(
      seen('Attributed', { registrationId: 'd.1', lines: [{ partyId: 'amy' }, { partyId: 'ben' }] })!.body['lines'],
    ).toEqual([{ partyId: 'amy' }]);
    expect(seen('Transferred', { registrationId: 'd.1', from: 'ben', to: 'amy' })!.body).toEqual({
      registrationId: 'd.1',
      from: undefined,
      to: 'amy',
    });
    expect(seen('RulingRescinded', { registrationId: 'd.1', holder: 'ben' })!.body['holder']).toBeUndefined();
  });
  it('of a split its own share alone, in whatever event it stands', () => {
    const shares = [
      { partyId: 'amy', weight: 1 },
      { partyId: 'ben', weight: 2 },
    ];
    for (const type of ['Approved', 'ProtectionBegan', 'SplitAgreed'])
      expect([type, seen(type, { registrationId: 'd.1', shares })!.body['shares']]).toEqual([type, [shares[0]]]);
    expect(seen('RulingRescinded', { registrationId: 'd.1', restored: { state: 'protected', shares } })!.body).toEqual({
      registrationId: 'd.1',
      restored: { state: 'protected', shares: [shares[0]] },
    });
    expect(seen('SplitAgreed', { registrationId: 'd.1', shares, agreedBy: ['ben', 'amy'] })!.body['agreedBy']).toEqual([
      'amy',
    ]);
  });
  it('of a filing in another dossier that ended its claim, nobody', () => {
    expect(
      asSeenByParty(entry('Rejected', { registrationId: 'd.1' }, 'stranger', 'Register'), own, catalogue)!.actor,
    ).toEqual({ party: '' });
  });
  it('nothing of an event that declares nothing, nor of a type that nobody knows', () => {
    expect([
      seen('DossierMerged', { from: 'd', into: 'e', registrationId: 'd.1' }),
      seen('Invented', { registrationId: 'd.1' }, 'amy'),
    ]).toEqual([undefined, undefined]);
  });
  it('no field that its event type does not declare, of whichever type', () => {
    const mine = { registrationId: 'd.1', caseId: 'd.c1', partyId: 'amy' };
    const shown = [...catalogue.values()].flatMap(({ type, toParty = {} }) => {
      const { body } = seen(type, { ...mine, whispered: 'ben was first' }, 'amy') ?? {};
      return Object.keys(body ?? {}).filter((field) => body![field] !== undefined && toParty[field] === undefined);
    });
    expect(shown).toEqual([]);
    expect([...catalogue.values()].filter(({ type }) => seen(type, mine, 'amy') !== undefined).length).toBeGreaterThan(
      20,
    );
  });
  it('the logins of its own acts, and of nobody else: not of a rival, an office, or a desk that recorded for it', () => {
    const user = { slot: 'user' } as HistoryEntry['boxes'][number];
    const by = (party: string) =>
      asSeenByParty({ ...entry('Approved', { registrationId: 'd.1' }, party), user }, own, catalogue)!.user;
    expect([by('amy'), by('ben'), by('clerk'), by('desk')]).toEqual([user, undefined, undefined, undefined]);
  });
  it('a desk that recorded for a rival is not named either', () => {
    const hidden = asSeenByParty(
      {
        ...entry('Terminated', { registrationId: 'd.1' }),
        actor: { party: 'clerk' as OwnPart['party'], onBehalfOf: 'ben' as OwnPart['party'] },
      },
      own,
      catalogue,
    )!;
    expect(hidden.actor).toEqual({ party: '' });
  });
});
