import { z } from 'zod';
import { code, type Code } from '#event-sourcing/vocabulary.js';
import type { Clause } from '../clause.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { channelNames, wordProblems } from '../known-words.js';
import { nameOf } from '../naming.js';
import { both, cited, codes, nameSchema, oneOrMore, type Messages } from '../words.js';

/**
 * Who is told what, and how, when something happens. `to` names roles, or `filer`, `holder`, `rivals` (who filed the
 * same subject).
 */
const schema = z
  .array(
    z.strictObject({
      on: z
        .string()
        .regex(/^[A-Z][A-Za-z]{1,40}$/, both('事件名称，如 Approved。', 'The name of an event, such as Approved.')),
      to: oneOrMore(nameOf('addressee')),
      channels: oneOrMore(nameSchema),
      says: oneOrMore(nameSchema),
      ...cited,
    }),
  )
  .max(60)
  .optional();
export const noticeParties = ['filer', 'holder', 'rivals'] as const;
/** The rulings that notices are issued of. */
export const noticeEvents = ['Approved', 'Rejected', 'Extended', 'Expired', 'Terminated'] as const;
/** What a notice can say. */
const noticeTexts = {
  lastDay: { zh: '保护期最后一日', en: 'the last protected day' },
  grounds: { zh: '理由', en: 'the grounds' },
  sellingRules: { zh: '销售须知', en: 'the rules of selling' },
  doNotQuote: { zh: '请勿报价', en: 'do not quote' },
  objectionWindow: { zh: '异议期', en: 'the time for objections' },
} as const satisfies Messages;

export const notices: Clause<'notices', typeof schema> = {
  name: 'notices',
  schema,
  binds: 'event',
  items: { by: ['on'] },
  says: { reason: { zh: '通知{on?：}{on}', en: 'Notice{on?: }{on}' }, refusals: {}, names: noticeTexts },
  lints: (items) =>
    (items ?? []).flatMap(({ on, to, channels, says }, index) => [
      ...wordProblems('NoticeNeverIssued', [on], noticeEvents, ['notices', index, 'on'], {
        zh: '会发出通知的事件',
        en: 'event that notices are issued of',
      }),
      ...wordProblems('AddresseeUnreached', to, noticeParties, ['notices', index, 'to'], {
        zh: '通知能送达的对象',
        en: 'party that notices reach so far',
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
    const issued = noticesOn(e, String(inputs['on'])).find(
      ({ channels, says }) => String(channels) === String(body['channels']) && String(says) === String(body['says']),
    );
    return issued === undefined ? undefined : reasonOf(e, 'notices', { rule: issued.rules }, inputs);
  },
};

export interface Notice {
  readonly to: readonly Code[];
  readonly channels: readonly Code[];
  readonly says: readonly Code[];
  readonly rules: readonly Code[];
}
/** The notices that an event calls for, in the document's order. */
export const noticesOn = (e: Evaluation, event: string): readonly Notice[] =>
  (e.policy.document.notices ?? [])
    .filter(({ on }) => on === event)
    .map(({ to, channels, says, rule }) => ({
      to: codes(to),
      channels: codes(channels),
      says: codes(says),
      rules: (rule ?? []).map(code),
    }));
