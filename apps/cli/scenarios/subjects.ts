import type { Instant } from '#event-sourcing/vocabulary.js';
import type { DossierId } from '#features/dossier/events.js';
import { fieldsOf } from '#policy/clauses/form.js';
import type { Evaluation } from '#policy/evaluation.js';
import { completed, identifying, mentioned, plainValues, type Customers, type Values } from './customers.js';
import { ScenarioError } from './problem.js';

/**
 * One customer (or customer within a project) of a scenario: how it was first written, and the dossier that the product
 * keeps about it.
 */
export interface Subject {
  readonly text: string;
  values: Values;
  dossierId?: DossierId;
}
type Given = Readonly<Record<string, string | number | boolean | null>>;
export interface Mention {
  readonly line: number;
  readonly text?: string | undefined;
  readonly class: string;
  /** Fields that the step gives by name; they go before the short mention. */
  readonly fields: Given;
  /** The same under `form:`, where also a field may stand that the form does not have. */
  readonly form: Given;
  readonly without: readonly string[];
}

/** Remembers who was spoken of, so that `王小明` later is the one who was first called `王小明 13800000001`. */
export class Subjects {
  readonly #known: Subject[] = [];
  #latest: Subject | undefined;

  constructor(private readonly customers: Customers) {}

  /**
   * The form of a mention, complete: what the step says, what is known of this customer, and plain values for the rest.
   */
  form(mention: Mention, evaluation: Evaluation, now: Instant): { readonly subject: Subject; readonly form: Values } {
    const fields = fieldsOf(evaluation, mention.class);
    mustBeFields(
      mention,
      fields.map(({ name }) => name),
    );
    const said = { ...mention.fields, ...mention.form };
    const spoken = mention.text === undefined ? {} : this.spoken(mention, evaluation);
    const given = plainValues(fields, said);
    const keys = identifying(evaluation);
    const like = this.alike(mention, spoken);
    const base =
      like === undefined
        ? {}
        : Object.fromEntries(
            Object.entries(like.values).filter(
              ([name]) => (keys.has(name) || name in spoken) && fields.some((field) => field.name === name),
            ),
          );
    const values = completed(evaluation, mention.class, { ...base, ...spoken, ...given }, now);
    const emptied = Object.entries(said)
      .filter(([, value]) => value === null)
      .map(([name]) => name);
    const form = Object.fromEntries(
      Object.entries(values).filter(([name]) => !mention.without.includes(name) && !emptied.includes(name)),
    );
    const same = this.#known.find((subject) => oneSubject(keys, subject.values, values));
    const subject = same ?? { text: mention.text ?? '', values };
    // A key that was said later, such as a forgotten credit code, belongs to the same customer from now on.
    subject.values = { ...values, ...subject.values };
    if (same === undefined) this.#known.push(subject);
    this.#latest = subject;
    return { subject, form };
  }

  /** The customer that a step or an expectation speaks of; without a name the one that was spoken of last. */
  named(text: string | undefined, line: number, evaluation: Evaluation): Subject {
    if (text === undefined) {
      if (this.#latest === undefined)
        throw new ScenarioError(line, {
          zh: '还没有提到任何客户：请写 customer。',
          en: 'No customer has been named yet: say customer.',
        });
      return this.#latest;
    }
    const mention: Mention = {
      line,
      text,
      class: evaluation.policy.document.classes[0]!.name,
      fields: {},
      form: {},
      without: [],
    };
    const spoken = this.spoken(mention, evaluation);
    const subject = this.alike(mention, spoken) ?? { text, values: spoken };
    this.#latest = subject;
    return subject;
  }

  private spoken(mention: Mention, evaluation: Evaluation): Values {
    const found = mentioned(fieldsOf(evaluation, mention.class), mention.text!, this.customers);
    if (found === undefined)
      throw new ScenarioError(mention.line, {
        zh: `表单没有字段可以填写“${mention.text}”的每一部分。`,
        en: `The form has no field for every part of "${mention.text}".`,
      });
    return found;
  }

  /**
   * The known customer that a short mention fits. Several that fit are an error, unless one was first written exactly
   * so.
   */
  private alike({ text, line }: Mention, spoken: Values): Subject | undefined {
    if (text === undefined) return undefined;
    const fitting = this.#known.filter(({ values }) =>
      Object.entries(spoken).every(([name, value]) => values[name] === value),
    );
    const exact = fitting.filter((subject) => subject.text === text);
    if (exact.length === 1 || fitting.length <= 1) return exact[0] ?? fitting[0];
    throw new ScenarioError(line, {
      zh: `“${text}”可能指几个报备对象：请在 customers 中各起一个名字。`,
      en: `"${text}" could be several subjects: give each a name under customers.`,
    });
  }
}

/** No key speaks against it, and one for it. */
const oneSubject = (keys: ReadonlySet<string>, a: Values, b: Values): boolean =>
  [...keys].every((key) => a[key] === undefined || b[key] === undefined || a[key] === b[key]) &&
  [...keys].some((key) => a[key] !== undefined && a[key] === b[key]);

const mustBeFields = ({ fields, line, class: name }: Mention, known: readonly string[]): void => {
  const unknown = Object.keys(fields).find((field) => !known.includes(field));
  if (unknown !== undefined)
    throw new ScenarioError(line, {
      zh: `“${unknown}”既不是场景用词，也不是“${name}”表单的字段（${known.join('、')}）。`,
      en: `"${unknown}" is neither a word of scenarios nor a field of the form of ${name} (${known.join(', ')}).`,
    });
};
