import { calendarFromChineseDays } from '#time/calendar.js';
import { parseInstant } from '#time/instant.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import type { Evaluation, Judgement } from '../evaluation.js';
import { inventedPolicy, inventedText, loaded, shippedPolicy } from './shipped.js';

const china = calendarFromChineseDays();
/** A shipped regime with the working days of China. */
export const under = (id: string): Evaluation => ({ policy: shippedPolicy(id), calendar: china });
export const underInvented = (): Evaluation => ({ policy: inventedPolicy(), calendar: china });
/** The invented regime with some of its text changed: what the case is about, and nothing else. */
export const inventedBut = (from: string | RegExp, to: string): Evaluation => {
  const text = inventedText();
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`the invented regime does not say ${String(from)}`);
  return { policy: loaded(changed), calendar: china };
};

/** Wall time in Shanghai: `at('2026-03-02 10:00')`. */
export const at = (text: string): Instant => parseInstant(text.includes(':') ? text : `${text} 00:00`, 'Asia/Shanghai');

/** The codes of a refusal; empty when it was allowed. */
export const refusals = (judgement: Judgement): string[] =>
  judgement.allowed ? [] : judgement.rejections.map(({ reason }) => reason);
export const accepted = (judgement: Judgement): unknown =>
  judgement.allowed ? undefined : judgement.rejections[0].accepted;
export const rulesOf = (judgement: Judgement): string[] =>
  (judgement.allowed ? judgement.because : judgement.rejections.flatMap(({ because }) => because ?? [])).flatMap(
    ({ rules }) => [...rules],
  );
