import { z } from 'zod';
import { code, type Code, type Reason } from '#event-sourcing/vocabulary.js';
import { neverFires, type Clause } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { noFacts } from '../facts.js';
import { channelNames, wordProblems } from '../known-words.js';
import { conditionSchema, nameOf } from '../naming.js';
import type { Policy } from '../policy.js';
import { knownRoles } from '../roles.js';
import { appliesTo, classFilter } from '../whom.js';
import { both, cited, codes, nameSchema, oneOrMore, type Messages } from '../words.js';

/**
 * Who is told what, and how, when something happens to a registration. `to` names roles, or `filer`, `holder`, `rivals`
 * (who filed the same subject). A role is told as an office: whoever holds it in the program reads the notice.
 */
const schema = z
  .array(
    z.strictObject({
      on: z
        .string()
        .regex(
          /^[A-Za-z][A-Za-z0-9]{1,40}$/,
          both(
            '事件名称，如 Approved；或 activities 中的名称。',
            'The name of an event, such as Approved, or of an activity.',
          ),
        ),
      fields: oneOrMore(nameOf('field')).optional().describe('On Amended: only where one of these fields was changed.'),
      when: conditionSchema('A CEL condition over the form; nobody is told where it is false.').optional(),
      to: oneOrMore(nameOf('addressee')),
      channels: oneOrMore(nameSchema),
      says: oneOrMore(nameSchema),
      ...classFilter,
      ...cited,
    }),
  )
  .max(60)
  .optional();
type Item = NonNullable<z.output<typeof schema>>[number];

export const noticeParties = ['filer', 'holder', 'rivals'] as const;
/** What notices are issued of: whatever happens to one registration; an activity is called by its own name. */
export const noticeEvents = [
  'Registered',
  'Resubmitted',
  'Recalled',
  'Returned',
  'ReviewAdvanced',
  'ReviewEscalated',
  'Approved',
  'Rejected',
  'Amended',
  'VisitRecorded',
  'FollowUpRecorded',
  'DepositRecorded',
  'StageAdvanced',
  'DutyMissed',
  'Requested',
  'RequestDecided',
  'ExtensionRequested',
  'ExtensionRefused',
  'Extended',
  'ProtectionBegan',
  'Upgraded',
  'Rolled',
  'Transferred',
  'Released',
  'Abandoned',
  'Terminated',
  'Expired',
] as const;
/** What a notice can say. */
const noticeTexts = {
  lastDay: { zh: '保护期最后一日', en: 'the last protected day' },
  grounds: { zh: '理由', en: 'the grounds' },
  sellingRules: { zh: '销售须知', en: 'the rules of selling' },
  doNotQuote: { zh: '请勿报价', en: 'do not quote' },
  objectionWindow: { zh: '异议期', en: 'the time for objections' },
  filing: { zh: '报备内容', en: 'what was filed' },
  result: { zh: '结果', en: 'the result' },
  change: { zh: '变更内容', en: 'what was changed' },
  arrival: { zh: '客户来访', en: 'that the customer came' },
  deadline: { zh: '期限', en: 'by when' },
} as const satisfies Messages;

export const notices: Clause<'notices', typeof schema> = {
  name: 'notices',
  schema,
  binds: 'event',
  items: { by: ['on'] },
  says: { reason: { zh: '通知{on?：}{on}', en: 'Notice{on?: }{on}' }, refusals: {}, names: noticeTexts },
  lints: (items, document) =>
    (items ?? []).flatMap(({ on, to, channels, says, fields }, index) => [
      ...wordProblems(
        'NoticeNeverIssued',
        [on],
        [...noticeEvents, ...activityNames(document)],
        ['notices', index, 'on'],
        { zh: '会发出通知的事件', en: 'event that notices are issued of' },
      ),
      ...(fields !== undefined && on !== 'Amended'
        ? [neverFires(['notices', index, 'fields'], '只有 Amended 会更改字段。', 'Only Amended changes fields.')]
        : []),
      ...wordProblems('AddresseeUnreached', to, [...noticeParties, ...rolesOf(document)], ['notices', index, 'to'], {
        zh: '通知能送达的对象',
        en: 'party that notices reach',
      }),
      ...wordProblems('ChannelUnknown', channels, Object.keys(channelNames), ['notices', index, 'channels'], {
        zh: '已知的渠道',
        en: 'known channel',
      }),
      ...wordProblems('TextUnknown', says, Object.keys(noticeTexts), ['notices', index, 'says'], {
        zh: '已知的通知内容',
        en: 'known text of a notice',
      }),
    ]),
  again: ({ e, inputs, body }) => {
    const { place } = inputs;
    const items = e.policy.document.notices ?? [];
    const item =
      place === undefined
        ? items.find(
            ({ on, channels, says }) =>
              on === inputs['on'] &&
              String(channels) === String(body['channels']) &&
              String(says) === String(body['says']),
          )
        : items[Number(place) - 1];
    return item === undefined ? undefined : reasonOf(e, 'notices', item, inputs);
  },
};
const activityNames = ({ activities = [] }: PolicyDocument): readonly string[] => activities.map(({ name }) => name);
/** Everybody is a party: that is no office. */
const rolesOf = ({ roles = [] }: PolicyDocument): readonly string[] => [
  ...knownRoles.filter((role) => role !== 'party'),
  ...roles,
];

/** What happened, as notices are chosen by it. */
export interface Occasion {
  /** The event, or of an activity its own name. */
  readonly on: string;
  readonly class: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The fields that it changed. */
  readonly changed?: readonly string[];
}
export interface Notice {
  readonly to: readonly Code[];
  readonly channels: readonly Code[];
  readonly says: readonly Code[];
  readonly because: Reason;
}

/** Whether the policy tells anybody of such an event at all. */
export const tellsOf = ({ document }: Policy, on: string): boolean =>
  (document.notices ?? []).some((item) => item.on === on);

/** The notices that an event calls for, in the document's order. */
export const noticesOn = (e: Evaluation, occasion: Occasion): readonly Notice[] =>
  (e.policy.document.notices ?? []).flatMap((item, index) =>
    callsFor(e, item, occasion)
      ? {
          to: codes(item.to),
          channels: codes(item.channels),
          says: codes(item.says),
          // Where one event has several notices, channels and texts alone do not tell them apart.
          because: reasonOf(e, 'notices', item, { on: code(item.on), ...(isPlain(item) ? {} : { place: index + 1 }) }),
        }
      : [],
  );
const callsFor = (e: Evaluation, item: Item, { on, class: name, values, changed = [] }: Occasion): boolean =>
  item.on === on &&
  appliesTo(item, name) &&
  (item.fields === undefined || item.fields.some((field) => changed.includes(field))) &&
  (item.when === undefined || e.policy.conditions.over(values, noFacts, false)(item.when));
const isPlain = ({ class: names, fields, when, to }: Item): boolean =>
  names === undefined &&
  fields === undefined &&
  when === undefined &&
  to.every((each) => (noticeParties as readonly string[]).includes(each));
