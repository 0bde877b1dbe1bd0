import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { endOf } from '#time/clock.js';
import { isBefore } from '#time/instant.js';
import type { Clause } from '../clause.js';
import { allowed, allowedBecause, clockOf, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import { wholeMonthsSince } from '../mends.js';
import { durationSchema, lengthFacts } from '../lengths.js';
import { cited, codes, nameSchema, type Messages } from '../words.js';

/**
 * Those who filed the same subject may object to an approval for a while after they were told of it, with evidence
 * (R06.12). An objection opens a case: its arbiters decide.
 */
const schema = z
  .strictObject({ within: durationSchema, evidence: z.array(nameSchema).max(20).default([]), ...cited })
  .optional();

const refusals = {
  ObjectionUnavailable: { zh: '本制度不设异议期。', en: 'This policy has no objections.' },
  ObjectionTooLate: { zh: '异议期已过，应在 {before} 之前。', en: 'Too late to object; it was due before {before}.' },
} as const satisfies Messages;

export const objections: Clause<'objections', typeof schema, typeof refusals> = {
  name: 'objections',
  schema,
  meaning: wholeMonthsSince,
  binds: 'filing',
  says: { reason: { zh: '异议期{length?：}{length}', en: 'Objections{length?: }{length}' }, refusals },
  needs: () => [{ operation: 'object', path: ['objections'], zh: '可以提出异议', en: 'Objections are allowed' }],
  again: ({ e, inputs }) =>
    allowedBecause(
      judgeObjection(e, {
        noticedAt: inputs['noticedAt'] as Instant,
        now: inputs['now'] as Instant,
        evidence: e.policy.document.objections?.evidence ?? [],
      }),
      'objections',
    ),
};

/**
 * Until when an objection is in time (exclusive), counted from the receipt of the notice; undefined: the policy knows
 * no objections.
 */
export const objectionEnds = (e: Evaluation, noticedAt: Instant): Instant | undefined => {
  const item = e.policy.document.objections;
  return item === undefined ? undefined : endOf(item.within, noticedAt, clockOf(e, 'objections'));
};

/** Rejections: ObjectionUnavailable, ObjectionTooLate, EvidenceMissing. */
export const judgeObjection = (
  e: Evaluation,
  given: { readonly noticedAt: Instant; readonly now: Instant; readonly evidence: readonly string[] },
): Judgement => {
  const item = e.policy.document.objections;
  const until = objectionEnds(e, given.noticedAt);
  if (item === undefined || until === undefined)
    return refused({ reason: 'ObjectionUnavailable', because: [reasonOf(e, 'objections', undefined)], accepted: {} });
  const because = [
    reasonOf(
      e,
      'objections',
      item,
      { noticedAt: given.noticedAt, now: given.now, ...lengthFacts(item.within) },
      'workingDays' in item.within ? { from: given.noticedAt, to: until } : undefined,
    ),
  ];
  const rejections: Rejection[] = [];
  if (!isBefore(given.now, until))
    rejections.push({ reason: 'ObjectionTooLate', because, accepted: { before: until } });
  const lacking = item.evidence.filter((kind) => !given.evidence.includes(kind));
  if (lacking.length > 0)
    rejections.push({ reason: 'EvidenceMissing', field: 'evidence', because, accepted: { evidence: codes(lacking) } });
  const [first, ...more] = rejections;
  return first === undefined ? allowed(...because) : refused(first, ...more);
};
