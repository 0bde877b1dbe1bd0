import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOf, type Duration } from '#time/clock.js';
import { checkPolicy } from './check.js';
import { operations } from './clauses/permissions.js';
import { documentSchema } from './document.js';
import { at, underInvented } from './testing/evaluations.js';
import { claimsText, inventedText, loaded, shippedPolicies, shippedText } from './testing/shipped.js';

const page = readFileSync(
  join(import.meta.dirname.replace(/([/\\])dist[/\\](?=libs)/, '$1'), '../../docs/reference/policy.md'),
  'utf8',
);
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);

describe('docs/reference/policy.md', () => {
  it('shows whole policies that load, and passages of those that we ship', () => {
    const sources = [...shippedPolicies.map(shippedText), inventedText(), claimsText()];
    const strange = blocks.filter(
      (block) => !block.startsWith('policy: ') && !sources.some((source) => source.includes(block)),
    );
    expect(strange).toEqual([]); // Cure: copy the passage from libs/policy/documents again.
    expect(blocks.length).toBeGreaterThan(10);
  });
  it('its whole policy has no mistake that check would call an error, nor a warning', () => {
    const whole = blocks.filter((block) => block.startsWith('policy: '));
    expect(whole).toHaveLength(1);
    expect(checkPolicy(loaded(whole[0]!).document)).toEqual([]);
  });
  it('speaks of every key and every operation', () => {
    const said = [...Object.keys(documentSchema.shape), ...operations].filter(
      (word) => !new RegExp(`\\b${word}\\b`).test(page),
    );
    expect(said).toEqual([]); // Cure: write about it.
  });
  it('its table of lengths is what the clock computes', () => {
    const rows = [...page.matchAll(/^\| `(\{.*?\})` \| (\d+) (March|June) (\d\d:\d\d) \|/gm)];
    expect(rows).toHaveLength(10);
    for (const [, written = '', day, month, time] of rows) {
      const length = JSON.parse(
        written.replace(/(\w+):(?=\s)/g, '"$1":').replace(/: (inclusive|exclusive|rolling|corresponding)/g, ': "$1"'),
      ) as Duration;
      const { policy, calendar } = underInvented();
      expect({
        written,
        ends: endOf(length, at('2026-03-01 10:00'), { zone: policy.timeZone, calendar: calendar! }),
      }).toEqual({
        written,
        ends: at(`2026-${month === 'March' ? '03' : '06'}-${String(day).padStart(2, '0')} ${time}`),
      });
    }
  });
});
