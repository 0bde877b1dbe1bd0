import type { Refusal } from '#event-sourcing/decision.js';
import { code, type DerivedFact, type Fen, type Reason } from '#event-sourcing/vocabulary.js';
import { formatYuan, isFen } from '#money/fen.js';
import { dateIn, FOREVER, isInstant, timeIn } from '#time/instant.js';
import { reasonMessages, refusalMessages } from './messages.js';
import { names } from './names.js';
import type { TitleKind } from './naming.js';
import type { Policy } from './policy.js';
import type { Label, Messages } from './words.js';

export type Language = 'zh' | 'en';
export interface Wording {
  /**
   * Titles of classes, labels of fields, the zone of times. Without it codes are named by their general names and times
   * are those of China.
   */
  readonly policy?: Policy | undefined;
  /** Sentences for codes that this library does not know. */
  readonly messages?: Messages | undefined;
}

/**
 * A refusal in both languages: what was wrong and what would be accepted. A code that nobody wrote a sentence for says
 * its code.
 */
export const rejectionText = (rejection: Refusal, wording: Wording = {}): Label => {
  const template = templateOf(rejection, wording);
  const facts = factsOf(rejection);
  return { zh: filled(template.zh, facts, 'zh', wording), en: filled(template.en, facts, 'en', wording) };
};

const templateOf = ({ reason }: Refusal, { messages }: Wording): Label =>
  messages?.[reason] ?? refusalMessages[reason] ?? { zh: '不予受理（{code}）。', en: 'Refused ({code}).' };
const factsOf = (rejection: Refusal): Readonly<Record<string, DerivedFact>> => ({
  ...rejection.because?.[0]?.inputs,
  ...rejection.inputs,
  ...rejection.accepted,
  ...(rejection.field === undefined ? {} : { field: code(rejection.field) }),
  code: code(rejection.reason),
});

/**
 * The refusal without what differs from one case to the next: of its facts those that its sentence names, and no time
 * that the sentence can do without. Many rows that were refused alike are then one.
 */
export const alike = (rejection: Refusal, wording: Wording = {}): Refusal => {
  const { zh } = templateOf(rejection, wording);
  const facts = Object.entries(factsOf(rejection)).filter(
    ([key, fact]) =>
      zh.includes(`{${key}`) && !(zh.includes(`{${key}?`) && typeof fact === 'string' && isInstant(fact)),
  );
  return {
    reason: rejection.reason,
    ...(rejection.field === undefined ? {} : { field: rejection.field }),
    inputs: Object.fromEntries(facts),
  };
};

/** A reason as a sentence, with the rules of the paper and the policy it was decided under. */
export const reasonText = (reason: Reason, language: Language, wording: Wording = {}): string => {
  const [clause = '', item = ''] = reason.clause.split('.');
  const template = reasonMessages[clause] ?? { zh: '条款 {clause}。', en: 'Clause {clause}.' };
  const sentence = filled(
    template[language],
    { ...reason.inputs, clause: reason.clause, item, length: lengthText(reason.inputs, language) },
    language,
    wording,
  );
  const rules =
    reason.rules.length === 0
      ? ''
      : language === 'zh'
        ? `（${reason.rules.join('、')}）`
        : ` (${reason.rules.join(', ')})`;
  return `${sentence}${rules}`;
};

const lengthText = (inputs: Readonly<Record<string, DerivedFact>>, language: Language): string => {
  const unit = ['days', 'months', 'workingDays', 'hours'].find((each) => typeof inputs[each] === 'number');
  if (inputs['permanent'] === true) return language === 'zh' ? '永久' : 'for ever';
  if (inputs['sameDay'] === true) return language === 'zh' ? '当日' : 'the rest of that day';
  if (unit === undefined) return '';
  const counting = typeof inputs['counting'] === 'string' ? names[inputs['counting']]?.[language] : undefined;
  const length = `${String(inputs[unit])} ${names[unit]?.[language] ?? unit}`;
  if (counting === undefined) return length;
  return language === 'zh' ? `${length}（${counting}）` : `${length} (${counting})`;
};

/** `{key}` is the fact in words; `{key?text}` is the text when there is such a fact; `{key|yuan}` is money. */
const filled = (
  template: string,
  facts: Readonly<Record<string, unknown>>,
  language: Language,
  wording: Wording,
): string =>
  template.replace(
    /\{(\w+)(?:\?([^{}]*)|\|(yuan))?\}/g,
    (_, key: string, text: string | undefined, unit: string | undefined) => {
      const fact = Object.hasOwn(facts, key) ? facts[key] : undefined;
      const known = fact !== undefined && fact !== null && fact !== '' && !(Array.isArray(fact) && fact.length === 0);
      if (text !== undefined) return known ? text : '';
      return known ? inWords(fact, key, language, wording, unit) : '';
    },
  );

const inWords = (fact: unknown, key: string, language: Language, wording: Wording, unit?: string): string => {
  if (Array.isArray(fact))
    return fact.map((each) => inWords(each, key, language, wording, unit)).join(language === 'zh' ? '、' : ', ');
  if (typeof fact === 'boolean') return language === 'zh' ? (fact ? '是' : '否') : fact ? 'yes' : 'no';
  const text = String(fact);
  if (unit === 'yuan' && isFen(text)) return formatYuan(text as Fen, language);
  if (text === FOREVER) return language === 'zh' ? '永久' : 'for ever';
  if (isInstant(text)) {
    const zone = wording.policy?.timeZone ?? 'Asia/Shanghai';
    return `${dateIn(text, zone)} ${timeIn(text, zone).slice(0, 5)}`;
  }
  return titleIn(wording.policy, text, key)?.[language] ?? names[text]?.[language] ?? text;
};

/** Which of the policy's things a fact speaks of, where its key says so: a field may be called as a class is. */
const spokenOf: Readonly<Record<string, readonly TitleKind[]>> = {
  field: ['field', 'attachment'],
  fields: ['field', 'attachment'],
  missing: ['field', 'attachment'],
  choices: ['choice'],
  class: ['class'],
  classes: ['class'],
  cause: ['cause'],
  causes: ['cause'],
  offence: ['offence'],
  offences: ['offence'],
};
const titleIn = (policy: Policy | undefined, name: string, key: string): Label | undefined => {
  const titles = policy?.titles.get(name);
  const kinds = spokenOf[key];
  const meant = titles?.find(({ kind }) => kind !== undefined && kinds?.includes(kind) === true);
  return (meant ?? titles?.[0])?.title;
};
