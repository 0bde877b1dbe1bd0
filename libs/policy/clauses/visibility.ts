import { z } from 'zod';
import { code, type CalendarDate, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { unsound, warning, type Clause, type Unsound } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { allowed, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import { noFacts } from '../facts.js';
import { personalTypes } from '../field.js';
import { conditionSchema, nameOf } from '../naming.js';
import { appliesTo, classFilter } from '../whom.js';
import { cited, oneOrMore, type Messages } from '../words.js';

/**
 * `availability`: what "is this customer free?" may say about others: never who. `protected` is always told, because a
 * filing would be refused anyway; `lastDay` adds until when, `pending` that somebody's claim waits. Who may ask and who
 * may browse are permissions (`ask`, `seeOthers`). `sight`: fields of others' filings that a role reads without learning
 * whose they are.
 */
const schema = z
  .strictObject({
    availability: z
      .strictObject({
        tells: oneOrMore(z.enum(['protected', 'lastDay', 'pending'])),
        /** How often one party may ask; whoever may look through others' claims asks without a count. */
        asks: z.strictObject({ perHour: z.int().min(1).max(600), burst: z.int().min(1).max(300) }).optional(),
        ...cited,
      })
      .optional(),
    sight: z
      .array(
        z.strictObject({
          to: oneOrMore(nameOf('role')),
          shows: oneOrMore(nameOf('field')).describe('These fields and nothing else: not whose, not which customer.'),
          when: conditionSchema('A CEL condition over the form’s fields that are not sealed.').optional(),
          ...classFilter,
          ...cited,
        }),
      )
      .max(60)
      .optional(),
    ...cited,
  })
  .optional();

/** What a person asks at most. A script that walks through telephone numbers meets it at once. */
export const asksByDefault = { perHour: 30, burst: 10 } as const;

const refusals = {
  AvailabilityQuotaUsed: {
    zh: '查询次数已用完：连续至多 {burst} 次，其后每小时 {perHour} 次；{from} 起可再查询。',
    en: 'You have asked as often as you may: {burst} times at once, then {perHour} an hour; ask again from {from}.',
  },
} as const satisfies Messages;

export const visibility: Clause<'visibility', typeof schema, typeof refusals> = {
  name: 'visibility',
  schema,
  binds: 'event',
  says: {
    reason: { zh: '查询答复：{answer}', en: 'Answer to an ask: {answer}' },
    refusals,
    names: {
      free: { zh: '可报备', en: 'free' },
      protected: { zh: '保护中', en: 'protected' },
      pending: { zh: '待审', en: 'pending' },
      inCase: { zh: '裁决中', en: 'in a case' },
      banned: { zh: '禁止报备', en: 'banned' },
    },
  },
  refers: ({ sight = [] }, document) => sight.flatMap(({ shows }, index) => tellsWho(shows, index, document)),
  lints: (given, { review, collision }) =>
    review.steps.length > 0 &&
    collision?.pendingSecondClaim.outcome === 'refuse' &&
    given?.availability?.tells.includes('pending') === false
      ? [
          warning(
            'AnswerMisleads',
            ['visibility', 'availability'],
            '待审中的报备会挡住别人，但查询时不告知。',
            'A waiting claim refuses others, but an ask does not tell of it.',
          ),
        ]
      : [],
  needs: ({ availability }) =>
    availability === undefined
      ? []
      : [{ operation: 'ask', path: ['visibility'], zh: '写明了查询如何回答', en: 'The answer to an ask is defined' }],
  again: ({ e, inputs, body }) =>
    availabilityAnswer(e, {
      state: inputs['answer'] as AvailabilityInput['state'],
      own: inputs['own'] === true,
      lastDay: body['lastDay'] as CalendarDate | undefined,
    }).because,
};

/** A name, a number or a part of a key says who the customer is: that is read by `seeOthers` alone. */
const tellsWho = (shows: readonly string[], index: number, { form, identity }: PolicyDocument): readonly Unsound[] => {
  const keys = new Set(identity?.strongKeys.flatMap(({ parts }) => parts.map(({ field }) => field)));
  const naming = new Set(
    form.flatMap(({ fields }) =>
      fields.filter(({ type, name }) => saysWho.has(type) || keys.has(name)).map(({ name }) => name),
    ),
  );
  const wrong = shows.filter((field) => naming.has(field));
  return wrong.length === 0
    ? []
    : [
        unsound(
          'SightTooWide',
          ['visibility', 'sight', index, 'shows'],
          `${wrong.join('、')} 会说明客户是谁，不能在此公开：请用 seeOthers。`,
          `${wrong.join(', ')} would say who the customer is and is not shared so: that is what seeOthers is for.`,
        ),
      ];
};
const saysWho: ReadonlySet<string> = new Set(personalTypes.filter((type) => type !== 'text'));

/** The fields of a filing of another that these roles are shown; none: nothing, not even that it is there. */
export const fieldsShown = (
  { policy }: Evaluation,
  roles: readonly string[],
  filing: { readonly class: string; readonly values: Readonly<Record<string, unknown>> },
): ReadonlySet<string> => {
  const holds = policy.conditions.over(filing.values, noFacts, false);
  return new Set(
    (policy.document.visibility?.sight ?? [])
      .filter((item) => item.to.some((role) => roles.includes(role)) && appliesTo(item, filing.class))
      .filter(({ when }) => when === undefined || holds(when))
      .flatMap(({ shows }) => shows),
  );
};

const hour = 60 * 60 * 1_000;

/** Whether a party may ask once more, after it asked at the times given, oldest first. */
export const judgeAsk = (e: Evaluation, asked: readonly Instant[], now: Instant): Judgement => {
  const { burst, perHour } = e.policy.document.visibility?.availability?.asks ?? asksByDefault;
  let [left, at] = [burst as number, Number.NEGATIVE_INFINITY];
  const fill = (moment: number): void => {
    left = Math.min(burst, left + (Math.max(0, moment - at) * perHour) / hour);
    at = Math.max(at, moment);
  };
  for (const moment of asked) {
    fill(Date.parse(moment));
    left = Math.max(0, left - 1);
  }
  fill(Date.parse(now));
  // A third of a second is a share of an ask that no sum of milliseconds gives exactly.
  if (left >= 1 - 1e-9) return allowed();
  const from = new Date(Date.parse(now) + Math.ceil(((1 - left) * hour) / perHour)).toISOString();
  return refused({ reason: 'AvailabilityQuotaUsed', accepted: { burst, perHour, from: code(from) } });
};

export interface AvailabilityInput {
  readonly state: 'free' | 'protected' | 'pending' | 'inCase' | 'banned';
  readonly lastDay?: CalendarDate | undefined;
  /** The claim is the asker's own: nothing is hidden from its holder. */
  readonly own: boolean;
}
export interface Availability {
  readonly answer: AvailabilityInput['state'];
  readonly lastDay?: CalendarDate;
  readonly because: Reason;
}

/** The answer to one ask. A case is told as protected: that rivals argue is nobody's business. */
export const availabilityAnswer = (e: Evaluation, { state, lastDay, own }: AvailabilityInput): Availability => {
  const availability = e.policy.document.visibility?.availability;
  const tells = new Set<string>(availability?.tells ?? []);
  const told = own
    ? state
    : state === 'inCase'
      ? 'protected'
      : state === 'pending' && !tells.has('pending')
        ? 'free'
        : state;
  const until = lastDay !== undefined && (own || (told === 'protected' && tells.has('lastDay'))) ? lastDay : undefined;
  return {
    answer: told,
    ...(until === undefined ? {} : { lastDay: until }),
    because: reasonOf(e, 'visibility.availability', availability, { own, answer: code(told) }),
  };
};
