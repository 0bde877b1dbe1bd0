import { z } from 'zod';
import { code, type Code } from '#event-sourcing/vocabulary.js';
import type { Clause } from '../clause.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { nameOf } from '../naming.js';
import { both, cited, codes, nameSchema, oneOrMore } from '../words.js';

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

export const notices: Clause<'notices', typeof schema> = {
  name: 'notices',
  schema,
  binds: 'event',
  items: { by: ['on'] },
  says: { reason: { zh: '通知{on?：}{on}', en: 'Notice{on?: }{on}' }, refusals: {} },
  again: ({ e, inputs, body }) => {
    const issued = noticesOn(e, String(inputs['on'])).find(
      ({ channels }) => String(channels) === String(body['channels']),
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
