import { recordable } from './clauses/activities.js';
import type { PolicyDocument } from './document.js';
import type { Evaluation } from './evaluation.js';
import type { FieldValue } from './field.js';
import { readFilled, type FieldSet } from './filled.js';

/** What is filled in for an activity, a step of a ladder or a request; undefined: the act has no form of its own. */
export const ownFieldsOf = (document: PolicyDocument, act: string): FieldSet | undefined =>
  [...recordable(document), ...(document.requests ?? [])].find(({ name }) => name === act);

/**
 * What conditions read at an act: of its own fields what was just filled in, of the others what was filed. A field of
 * its own that was left empty reads as empty, whatever the registration says under the same name.
 */
export const valuesAt = (
  e: Evaluation,
  given: {
    readonly act: string;
    readonly details: Readonly<Record<string, unknown>>;
    readonly form: Readonly<Record<string, FieldValue>>;
  },
): Readonly<Record<string, unknown>> => {
  const own = ownFieldsOf(e.policy.document, given.act);
  if (own === undefined) return given.details;
  const names = new Set(own.fields.map(({ name }) => name));
  const { values } = readFilled(
    e,
    'gates',
    { ...own, attachments: [], checks: [] },
    { values: given.form, attachments: [] },
  );
  return { ...Object.fromEntries(Object.entries(given.details).filter(([name]) => !names.has(name))), ...values };
};
