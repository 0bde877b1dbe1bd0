import { z } from 'zod';
import { code, type Reason } from '#event-sourcing/vocabulary.js';
import { neverFires, type Clause } from '../clause.js';
import { allowed, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import { cited, codes, oneOrMore, type Messages } from '../words.js';
import type { Operation } from './permissions.js';

/** What is done to a claim, and may be kept from those who have another part in it. */
const acts = [
  'approve',
  'reject',
  'returnForMore',
  'decideExtension',
  'recordVisit',
  'recordFollowUp',
  'recordDeposit',
  'terminate',
  'transfer',
  'rescindRuling',
  'arbitrate',
  'recordDeal',
  'agreeSplit',
] as const satisfies readonly Operation[];
/** The parts that somebody may have in a claim; `previousActor` ruled on it last. */
const parts = ['filer', 'holder', 'previousActor'] as const;
export type Part = (typeof parts)[number];

/**
 * Acts that need another pair of eyes. Rulings of a claim that one holds or filed are nobody's in any regime: a policy
 * adds what else is to be done by somebody else.
 */
const schema = z
  .array(z.strictObject({ act: oneOrMore(z.enum(acts)), not: oneOrMore(z.enum(parts)), ...cited }))
  .max(40)
  .optional();

const refusals = {
  FourEyes: { zh: '此项须由他人办理，{not} 不得办理。', en: 'Somebody else must do this: not the {not}.' },
} as const satisfies Messages;

export const fourEyes: Clause<'fourEyes', typeof schema, typeof refusals> = {
  name: 'fourEyes',
  schema,
  binds: 'event',
  items: { by: ['act'] },
  says: {
    reason: { zh: '须由他人办理：{item}{not?，不得为 }{not}', en: 'By somebody else: {item}{not?, not by }{not}' },
    refusals,
    names: { previousActor: { zh: '上一裁定人', en: 'one who ruled on it last' } },
  },
  lints: (items, { permissions }) =>
    (items ?? []).flatMap(({ act }, index) =>
      act
        .filter((operation) => !permissions.some(({ may }) => may.includes(operation)))
        .map((operation) =>
          neverFires(
            ['fourEyes', index, 'act'],
            `没有人可以 ${operation}，此条永不适用。`,
            `Nobody may ${operation}: this never applies.`,
          ),
        ),
    ),
  again: ({ e, inputs }, act) => citedBy(judgeFourEyes(e, act as Operation, inputs['not'] as readonly Part[])),
};
const citedBy = (judgement: Judgement): Reason | undefined =>
  judgement.allowed ? judgement.because[0] : judgement.rejections[0].because?.[0];

/** Whether whoever has these parts in a claim may do something to it. Refused: FourEyes, with the parts that may not. */
export const judgeFourEyes = (e: Evaluation, operation: Operation, has: readonly Part[]): Judgement => {
  const items = (e.policy.document.fourEyes ?? []).filter(({ act }) => act.some((each) => each === operation));
  const item = items.find(({ not }) => not.some((part) => has.includes(part)));
  if (item === undefined) return allowed();
  const not = codes(item.not.filter((part) => has.includes(part)));
  return refused({
    reason: 'FourEyes',
    because: [reasonOf(e, `fourEyes.${code(operation)}`, item, { not })],
    accepted: { not },
  });
};
