import type { Rejection } from '#event-sourcing/decision.js';
import { code } from '#event-sourcing/vocabulary.js';
import type { JudgedForm } from '#policy/clauses/form.js';

/**
 * Why a form does not name a subject, for every command that names one by it. Whatever was given and means nothing is
 * refused with its field and cause, because a customer that was misspelt would look free. Only absence may pass.
 */
export const unnamed = (judged: JudgedForm): readonly Rejection[] =>
  judged.misread.length > 0 ? judged.misread : judged.strongKeys.length === 0 ? [notIdentified(judged)] : [];

/** Nobody can tell whom the form means: what is missing, and the rules that ask for it. */
const notIdentified = ({ missing, judgement }: JudgedForm): Rejection => ({
  reason: 'SubjectNotIdentified',
  field: 'form',
  inputs: { missing: missing.map(code) },
  because: judgement.allowed ? [] : judgement.rejections.flatMap(({ because }) => because ?? []),
});
