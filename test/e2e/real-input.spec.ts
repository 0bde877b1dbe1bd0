import { readFileSync } from 'node:fs';
import { decodeEvent } from '#event-sourcing/envelope.js';
import type { Recorded } from '#event-sourcing/event.js';
import { seededIds, simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { catalogue } from '#features/edge/catalogue.js';
import type { DossierEvent } from '#features/dossier/events.js';
import { ownership, type Ownership, type OwnershipInterval } from '#features/dossier/protection/ownership/ownership.js';
import { importSheet } from '#features/intake/import-sheet.js';
import { emptySummary, summed } from '#features/intake/summary.js';
import type { RowResult } from '#features/intake/row-result.js';
import { openTestInstallation } from './storage.js';
import type { Installation } from '#installation/installation.js';
import { opening, prepareRegister, registerFile, type RegisterWorld } from './register-quarter.js';
import { referenceOf, type Expected } from './register-reference.js';

const clock = simulatedClock(opening);
const reference = referenceOf(new TextDecoder('gb18030', { fatal: true }).decode(readFileSync(registerFile)));
let installation: Installation;
let world: RegisterWorld;
const results: RowResult[] = [];
const events: Recorded<DossierEvent>[] = [];

beforeAll(async () => {
  installation = await openTestInstallation({ clock, timers: clock, ids: seededIds('register') });
  world = await prepareRegister(installation, clock);
  for await (const result of importSheet(world.quarter)) results.push(result);
  // The last deposit of the quarter holds until July: time goes on until every protection has ended.
  await world.quarter.pace!('2026-08-01T00:00:00.000Z' as Instant);
  await installation.catchUp();
  events.push(...(await everything(installation)));
});
afterAll(async () => {
  await installation.close();
});

const everything = async ({ parts: { log } }: Installation): Promise<Recorded<DossierEvent>[]> => {
  const found: Recorded<DossierEvent>[] = [];
  for (let from = 0, head = await log.head(); from < head;) {
    const slice = await log.readAll(from);
    found.push(...slice.events.map((stored) => decodeEvent(stored, catalogue) as unknown as Recorded<DossierEvent>));
    from = slice.next;
  }
  return found;
};

const allOwnership = async (): Promise<readonly Ownership[]> => {
  const collection = await installation.readings.of(ownership);
  const lines: Ownership[] = [];
  for (let after: string | undefined, more = true; more;) {
    const page = await collection.page({
      where: {},
      order: [{ field: 'programId', direction: 'ascending' }],
      first: 100,
      ...(after === undefined ? {} : { after }),
    });
    lines.push(...page.rows.map(({ document }) => document));
    after = page.rows.at(-1)?.cursor;
    more = page.hasNext;
  }
  return lines;
};

/** How a result reads when it says what the reference expects. */
const whys: Readonly<Record<Expected['why'], string>> = {
  registered: 'Registered Approved',
  registeredWithDeposit: 'Registered Approved DepositRecorded Upgraded',
  depositLiftsOwn: 'DepositRecorded Upgraded',
  secondDeposit: 'DepositRecorded',
  noTelephone: 'permission SubjectNotIdentified',
  protectedByAnother: 'permission ProtectedByAnother',
  noAddress: 'registration FieldMissing',
  ownAgain: 'registration AlreadyYours',
};
const shown = (result: RowResult): string => {
  if (result.outcome === 'accepted') return result.followed.join(' ');
  if (result.outcome === 'refused') return `${result.step} ${result.rejections.map(({ reason }) => reason).join(' ')}`;
  return result.outcome;
};
const count = <T>(items: readonly T[], name: (item: T) => string): Record<string, number> =>
  items.reduce<Record<string, number>>(
    (counts, item) => ({ ...counts, [name(item)]: (counts[name(item)] ?? 0) + 1 }),
    {},
  );
/** The first moment after a day in China. */
const afterDay = (day: string): string => new Date(Date.parse(`${day}T00:00:00+08:00`) + 86_400_000).toISOString();

describe('the register of the first quarter of 2026 under its own policy (R04)', () => {
  it('gives every one of the 1,512 rows the result that the paper gives it', () => {
    const expected = reference.rows.map(({ line, outcome, why, lastDay }) => ({
      line,
      outcome,
      why: whys[why],
      ...(why === 'secondDeposit' || lastDay === undefined ? {} : { lastDay }),
    }));
    const given = results.map((result) => ({
      line: result.line,
      outcome: result.outcome,
      why: shown(result),
      ...(result.outcome === 'accepted' && result.protectedUntil !== undefined
        ? { lastDay: result.protectedUntil.lastDay as string }
        : {}),
    }));
    expect(given).toEqual(expected);
  });

  it('comes to these totals', () => {
    expect(count(reference.rows, ({ why }) => why)).toEqual({
      registered: 949, // Walk-ins whose customer nobody held: protected for seven days (R04.06).
      registeredWithDeposit: 142, // The same with a deposit in the same row: at once lifted to ninety days (R04.07).
      depositLiftsOwn: 1, // A walk-in who came back to the same salesperson within the seven days and paid.
      // Customers who paid again within their ninety days: the money is recorded, the clock is not lengthened.
      secondDeposit: 4,
      noTelephone: 139, // Every empty telephone of the sheet: whose customer it is, nobody can say (R04.02).
      // A colleague's customer, 7 or 90 days: administration does not permit the filing (R04.08, R04.10).
      protectedByAnother: 180,
      noAddress: 58, // Permitted, and then not valid: name, telephone and address must all be there (R04.02).
      ownAgain: 39, // The salesperson's own customer, entered again while still protected.
    });
    const summary = results.reduce(summed, emptySummary);
    expect(summary).toMatchObject({
      rows: 1_512,
      accepted: 1_096, // 949 + 142 + 1 + 4
      refused: 416, // 139 + 180 + 58 + 39
      complete: 0,
      malformed: 0,
      answered: 0,
      recordedBefore: 0,
      followed: { Registered: 1_091, Approved: 1_091, DepositRecorded: 147, Upgraded: 143 },
      refusals: {
        'permission SubjectNotIdentified form': 139,
        'permission ProtectedByAnother': 180,
        'registration FieldMissing address': 58,
        'registration AlreadyYours': 39,
      },
      // 139 + 58 are incomplete; the paper is silent about one's own customer.
      rules: { 'R04.02': 197, 'R04.08': 180, 'R04.10': 180, '-': 39 },
      problems: {},
    });
  });

  it('never lets two parties hold one customer at one time', async () => {
    const lines = await allOwnership();
    expect(lines.reduce((sum, { intervals }) => sum + intervals.length, 0)).toBe(reference.protections.length);
    const overlapping = lines.filter(({ intervals }) => {
      const inOrder = intervals.toSorted((one, other) => (one.from < other.from ? -1 : 1));
      return inOrder.some((next, index) => index > 0 && next.from < inOrder[index - 1]!.until);
    });
    expect(overlapping).toEqual([]);
  });

  it('keeps one dossier for each telephone and one telephone for each dossier', () => {
    const pairs = results.flatMap((result, index) =>
      result.outcome === 'accepted'
        ? [`${result.registrationId.split('.')[0]} ${reference.rows[index]!.telephone}`]
        : [],
    );
    const distinct = [...new Set(pairs)].map((pair) => pair.split(' '));
    expect(new Set(distinct.map(([dossier]) => dossier)).size).toBe(distinct.length);
    expect(new Set(distinct.map(([, telephone]) => telephone)).size).toBe(distinct.length);
  });

  it('ends every protection at the first moment after its last day, and says so then', async () => {
    const intervals = (await allOwnership()).flatMap((line): readonly OwnershipInterval[] => line.intervals);
    const ends = (line: { readonly from: string; readonly until: string }): string => `${line.from} ${line.until}`;
    expect(intervals.map(ends).toSorted()).toEqual(
      reference.protections
        .map(({ from, lastDay }) =>
          ends({ from: new Date(`${from.replace(' ', 'T')}:00+08:00`).toISOString(), until: afterDay(lastDay) }),
        )
        .toSorted(),
    );
    expect(intervals.filter(({ open }) => open)).toEqual([]);

    const expired = events.flatMap(({ event, times }) =>
      event.type === 'Expired' ? [{ endedAt: event.endedAt, recordedAt: times.recordedAt }] : [],
    );
    expect(expired).toHaveLength(reference.protections.length);
    expect(expired.filter(({ endedAt, recordedAt }) => endedAt !== recordedAt)).toEqual([]);
  });

  it('lifts a customer to ninety days with every deposit that finds one', () => {
    const lifted = events.filter(({ event }) => event.type === 'Upgraded');
    const recorded = events.filter(({ event }) => event.type === 'DepositRecorded');
    expect(lifted).toHaveLength(
      reference.rows.filter(({ why }) => why === 'registeredWithDeposit' || why === 'depositLiftsOwn').length,
    );
    expect(recorded).toHaveLength(lifted.length + reference.rows.filter(({ why }) => why === 'secondDeposit').length);
    expect(events.filter(({ event }) => event.type === 'Rolled')).toEqual([]);
  });

  it('records nothing when the same file comes again, and says that it was there before', async () => {
    const head = await installation.parts.log.head();
    const again: RowResult[] = [];
    for await (const result of importSheet(world.quarter)) again.push(result);
    expect(await installation.parts.log.head()).toBe(head);
    expect(again).toEqual(results.map((result) => ({ ...result, recordedBefore: true })));
  });
});
