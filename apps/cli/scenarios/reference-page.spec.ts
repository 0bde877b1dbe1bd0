import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectationSchema } from './expectation.js';
import { play } from './play.js';
import { readScenarios } from './document.js';
import { failureText } from './report.js';
import { common, verbNames } from './verbs.js';

const page = join(import.meta.dirname, '../../../docs/reference/scenarios.md');
const text = readFileSync(page, 'utf8');
/** Whole files on the page: they keep their line numbers, so that a failure points into the page. */
const examples = [...text.matchAll(/```yaml\n(- scenario:[\s\S]*?)```/g)].map(
  ({ index, 1: body = '' }) => '\n'.repeat(text.slice(0, index).split('\n').length) + body,
);

describe('docs/reference/scenarios.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(6);
  });

  for (const example of examples) {
    const read = readScenarios(example);
    it(read.ok ? read.scenarios.map(({ title }) => title).join('; ') : 'can be read', async () => {
      expect(read.ok ? [] : read.problems.map(({ line, message }) => `${line} ${message.en}`)).toEqual([]);
      for (const scenario of read.ok ? read.scenarios : []) {
        const failures = await play(scenario, page);
        expect(failures.map((failure) => failureText('docs/reference/scenarios.md', failure, 'en')).join('\n')).toBe(
          '',
        );
      }
    });
  }

  it('names every act', () => {
    expect(verbNames.filter((verb) => !text.includes(`\`${verb}\``))).toEqual([]);
  });
  it('names every key of a step', () => {
    expect(Object.keys(common).filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
  });
  it('names every key of an expectation', () => {
    expect(
      Object.keys(expectationSchema.shape).filter((key) => !text.includes(`\`${key}\``) && !text.includes(`\`${key}:`)),
    ).toEqual([]);
  });
});
