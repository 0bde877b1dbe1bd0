import { z } from 'zod';
import { code, type Code } from '#event-sourcing/vocabulary.js';
import type { Evaluation } from '../evaluation.js';
import { both, cited, codes, nameSchema, oneOrMore } from '../words.js';

/**
 * Who is told what, and how, when something happens. `to` names roles, or `filer`, `holder`, `rivals` (who filed the
 * same subject).
 */
export const noticesSchema = z
  .array(
    z.strictObject({
      on: z
        .string()
        .regex(/^[A-Z][A-Za-z]{1,40}$/, both('事件名称，如 Approved。', 'The name of an event, such as Approved.')),
      to: oneOrMore(nameSchema),
      channels: oneOrMore(nameSchema),
      says: oneOrMore(nameSchema),
      ...cited,
    }),
  )
  .max(60);
export const noticeParties = ['filer', 'holder', 'rivals'] as const;

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
