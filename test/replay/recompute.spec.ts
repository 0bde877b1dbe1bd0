import { canonicalText } from '#event-sourcing/canonical.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import { catalogue } from '#features/edge/catalogue.js';
import { Library, recompute } from '#cli/explain/recompute.js';
import { World } from '#test/simulation/world.js';
import { playStory } from './story.js';

/**
 * The only clause that nothing recomputes: it judges a form, and the form is sealed; its reason says that the form was
 * complete.
 */
const sealed = new Set(['form']);

const compare = (stored: readonly StoredEvent[]): { readonly same: number; readonly clauses: ReadonlySet<string> } => {
  const clauses = new Set<string>();
  let same = 0;
  const events = stored.map((event) => decodeEvent(event, catalogue));
  for (const { recorded, reason, again, equal } of recompute(events, new Library(events))) {
    const [type, clause] = [recorded.event.type, reason.clause];
    if (sealed.has(clause)) continue;
    clauses.add(clause.split('.')[0]!);
    expect(`${type} ${again === undefined ? `${clause} is not recomputed` : canonicalText(again)}`).toBe(
      `${type} ${canonicalText(reason)}`,
    );
    expect(equal).toBe(true);
    same += 1;
  }
  return { same, clauses };
};

describe('C10: a ruling is recomputed from what was stored, byte for byte', () => {
  it('in the story that takes every decision', async () => {
    const { same, clauses } = compare((await playStory()).events);
    expect(same).toBeGreaterThan(50);
    expect([...clauses].toSorted()).toEqual([
      'activities',
      'amendments',
      'attribution',
      'bans',
      'collision',
      'commission',
      'duties',
      'ends',
      'extension',
      'filingPermission',
      'gates',
      'identity',
      'intake',
      'notices',
      'objections',
      'offences',
      'parts',
      'periodicDuties',
      'permissions',
      'protection',
      'requests',
      'review',
      'stages',
      'suspension',
      'tables',
      'upgrades',
      'visibility',
    ]);
  });

  it('in hundreds of logs that racing commands wrote', async () => {
    let same = 0;
    for (let seed = 1; seed <= 300; seed += 1) same += compare((await World.play(seed)).log).same;
    expect(same).toBeGreaterThan(2_000);
  });

  it('working days, from the versions of the calendar that the ruling cites', async () => {
    const events = (await playStory()).events.map((stored) => decodeEvent(stored, catalogue));
    const counted = recompute(events, new Library(events)).filter(({ reason }) => reason.calendars !== undefined);
    expect(counted.map(({ reason, equal }) => [reason.clause, reason.calendars, equal])).toEqual([
      ['protection.appointment', ['china-2026@1'], true],
    ]);
  });

  it('and from those that older rulings cite, all years in one', async () => {
    const { events } = await playStory();
    const older = events.map((event) => ({
      ...event,
      data: Buffer.from(Buffer.from(event.data).toString('utf8').replace('china-2026@1', 'china-2026@2026.1')),
    }));
    const recorded = older.map((stored) => decodeEvent(stored, catalogue));
    const counted = recompute(recorded, new Library(recorded)).filter(({ reason }) => reason.calendars !== undefined);
    expect(counted.map(({ reason, equal }) => [reason.calendars, equal])).toEqual([[['china-2026@2026.1'], true]]);
  });

  it('and a changed input is noticed', async () => {
    const { events } = await playStory();
    const changed = events.map((event) =>
      event.type === 'Extended'
        ? {
            ...event,
            data: Buffer.from(Buffer.from(event.data).toString('utf8').replace('"before":"2026', '"before":"2027')),
          }
        : event,
    );
    expect(() => compare(changed)).toThrow();
  });
});
