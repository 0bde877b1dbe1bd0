import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { canonicalText } from '#event-sourcing/canonical.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import { catalogue } from '#features/edge/catalogue.js';
import type { Installation } from '#installation/installation.js';
import { Library, recompute } from '../explain/recompute.js';
import { readScenarios } from './document.js';
import { play } from './play.js';
import { failureText } from './report.js';

const policies = join(import.meta.dirname, '../../../libs/policy');
const files = readdirSync(policies, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.scenarios.yaml'))
  .toSorted()
  .map((name) => join(policies, name));

/** What rests on a sealed form cannot be asked again; every other ruling gives the same bytes. */
const everyRulingRecomputes = async ({ parts: { log } }: Installation): Promise<void> => {
  const { events } = await log.readAll(0);
  const recorded = events.map((stored) => decodeEvent(stored, catalogue));
  for (const { recorded: by, reason, again } of recompute(recorded, new Library(recorded)))
    if (reason.clause !== 'form')
      expect(`${by.event.type} ${again === undefined ? 'not recomputed' : canonicalText(again)}`).toBe(
        `${by.event.type} ${canonicalText(reason)}`,
      );
};

/**
 * The same files that `baobei policy test` plays, on the same path: a broken regime fails here as it would fail its
 * owner.
 */
for (const file of files) {
  const shown = relative(process.cwd(), file);
  const read = readScenarios(readFileSync(file, 'utf8'));
  describe(shown, () => {
    it('can be read', () => {
      expect(read.ok ? [] : read.problems.map(({ line, message }) => `${shown}:${line} ${message.en}`)).toEqual([]);
    });
    for (const scenario of read.ok ? read.scenarios : []) {
      it(scenario.title, async () => {
        for (const ticks of ['punctual', 'late'] as const) {
          const failures = await play(scenario, file, { ticks, afterwards: everyRulingRecomputes });
          expect(failures.map((failure) => `${ticks} ticks\n${failureText(shown, failure, 'en')}`).join('\n')).toBe('');
        }
      });
    }
  });
}
