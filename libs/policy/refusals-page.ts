import type { Clause } from './clause.js';
import { clauses } from './clauses.js';
import { decisionMessages } from './messages.js';
import type { Messages } from './words.js';

/** `docs/reference/refusals.md`: every code that a command can be refused with, and its sentence in both languages. */
export const refusalsPage = (): string =>
  `${[
    '# Refusals (不予受理的原因)',
    '',
    "A command that breaks a rule is refused with one or more of these codes: in the field `code` of a refusal over GraphQL, in an answered sheet, in a scenario's `refused`. The sentence is what people read; what stands between ‹ › is filled in, from what would be accepted or from the facts of the case, and left out where there is none.",
    'The list is closed and made from the code: `baobei policy refusals > docs/reference/refusals.md`. What cannot be read at all, and what a server cannot answer, are errors and no refusals.',
    ...clauses.flatMap(({ name, says }: Clause) => section(`By the clause \`${name}\``, says.refusals)),
    ...section('By the decisions about dossiers, parties, programs and standings', decisionMessages),
  ].join('\n')}\n`;

const section = (title: string, messages: Messages): readonly string[] => {
  const codes = Object.entries(messages);
  return codes.length === 0
    ? []
    : [
        '',
        `## ${title}`,
        '',
        '| code | 中文 | English |',
        '|---|---|---|',
        ...codes.map(([code, { zh, en }]) => `| \`${code}\` | ${shown(zh)} | ${shown(en)} |`),
      ];
};

/** `{key?text}` stands only beside a fact, so the page shows the text; `{key}` is the fact's place. */
const shown = (template: string): string =>
  template.replace(/\{\w+\?([^{}]*)\}/g, '$1').replace(/\{(\w+)(?:\|\w+)?\}/g, '‹$1›');
