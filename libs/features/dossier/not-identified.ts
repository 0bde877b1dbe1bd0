import type { Rejection } from '#event-sourcing/decision.js';
import { code } from '#event-sourcing/vocabulary.js';
import type { JudgedForm } from '#policy/clauses/form.js';

/** Nobody can tell whom the form means: what is missing, and the rules that ask for it. */
export const notIdentified = ({ missing, verdict }: JudgedForm): Rejection => ({
  reason: 'SubjectNotIdentified',
  field: 'form',
  inputs: { missing: missing.map(code) },
  because: verdict.allowed ? [] : verdict.rejections.flatMap(({ because }) => because ?? []),
});
