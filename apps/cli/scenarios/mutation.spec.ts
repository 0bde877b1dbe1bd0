import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loaded, shippedPolicies, shippedText } from '#policy/testing/shipped.js';
import { readScenarios, type Scenario } from './document.js';
import { enforcements, onlyMentioned } from './mutation.js';

const fileOf = (id: string): string =>
  join(import.meta.dirname, '../../../libs/policy/documents', id, `${id}.scenarios.yaml`);
const scenariosOf = (id: string): readonly Scenario[] => {
  const read = readScenarios(readFileSync(fileOf(id), 'utf8'));
  if (!read.ok) throw new Error(read.problems[0]!.message.en);
  return read.scenarios;
};

/** Each item of a document is taken out and its scenarios are played again: minutes for all, so five in every run. */
const always = [
  'zhaodu-intent-customer',
  'data-dept-three-month',
  'two-month-admin-filing',
  'new-dealer-onboarding',
  'filing-framework-essay',
];
const played = process.env['MUTATE'] === 'all' ? shippedPolicies : always;

describe('a rule is enforced when a scenario that cites it fails without the item', () => {
  it.each([...played])(
    '%s: so is every rule that an item names',
    async (id) => expect(await onlyMentioned(loaded(shippedText(id)), scenariosOf(id), fileOf(id))).toEqual([]),
    600_000,
  );

  it('a label and an item that decides nothing are only mentioned, whatever a scenario cites', async () => {
    const id = 'two-month-admin-filing';
    const named = loaded(shippedText(id).replace('subject: { kind:', 'subject: { rule: R09.02, kind:'));
    const scenarios = scenariosOf(id).filter(({ title }) => title.startsWith('R09.02'));
    const found = await enforcements(named, scenarios, fileOf(id));
    expect(found.filter(({ label }) => label === 'subject')).toEqual([
      { rule: 'R09.02', label: 'subject', path: 'subject' },
    ]);
  });
});
