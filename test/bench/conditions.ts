/**
 * What the conditions of a policy cost a filing: a form of N fields, each required under a condition of its own.
 * `node dist/test/bench/conditions.js 85` prints milliseconds a filing, beside the same form without conditions, and
 * what loading the document takes.
 */
import { performance } from 'node:perf_hooks';
import { judgeForm } from '#policy/clauses/form.js';
import type { FieldValue } from '#policy/field.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { shippedText } from '#policy/testing/shipped.js';

const count = Number(process.argv[2] ?? 85);
const rounds = 400;

/** The shipped regime of the data department with so many fields more. */
const withFields = (condition: (index: number) => string | undefined): string =>
  shippedText('data-dept-three-month').replace(
    '    attachments:\n',
    `${Array.from({ length: count }, (_, index) => {
      const when = condition(index);
      const label = `label: { zh: 字段${index}, en: Field ${index} }`;
      return `      - { name: field${index}, type: text, ${when === undefined ? '' : `requiredWhen: '${when}', `}${label} }\n`;
    }).join('')}    attachments:\n`,
  );

const loaded = (text: string): { readonly policy: Policy; readonly milliseconds: number } => {
  const started = performance.now();
  const result = loadPolicy(text);
  const milliseconds = performance.now() - started;
  if (!result.ok) throw new Error(JSON.stringify(result.problems[0]));
  return { policy: result.policy, milliseconds };
};

const values: Record<string, FieldValue> = {
  customerName: '示例建材有限公司',
  project: '滨江一期',
  keyPerson: '王小明',
  keyPersonPhone: '13800001111',
  expectedAmount: '100000',
  expectedUnitPrice: '100',
  expectedSigning: '2026-06-01',
  feedback: '已见面',
};

/** Median of the rounds after a warm-up. */
const perFiling = (policy: Policy): number => {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    judgeForm({ policy }, { class: 'project', values: { ...values, feedback: `已见面 ${round}` }, attachments: [] });
    times.push(performance.now() - started);
  }
  return times.slice(rounds / 4).toSorted((a, b) => a - b)[Math.floor((rounds * 3) / 8)]!;
};

const conditions = loaded(
  withFields(
    (index) => `customerName.contains("${index}") && expectedAmount > ${1_000 + index} && !given("field${index}")`,
  ),
);
const plain = loaded(withFields(() => undefined));
const [without, withThem] = [perFiling(plain.policy), perFiling(conditions.policy)];
process.stdout.write(
  `${JSON.stringify({
    conditions: count,
    'ms a filing': withThem.toFixed(3),
    'ms without conditions': without.toFixed(3),
    'ms to load the document': conditions.milliseconds.toFixed(0),
  })}\n`,
);
