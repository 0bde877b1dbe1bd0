import { errorTexts, type ErrorCode } from '#graphql/error-codes.js';
import { httpStatuses } from '#graphql/errors.js';
import { closeCodes } from '../web-socket/close-codes.js';

/** `docs/reference/errors.md`: every code of an error, and why a socket is closed. */
export const errorsPage = (): string =>
  `${[
    '# Errors (错误代码)',
    '',
    'An error says that a question could not be answered; a rule that was broken is no error but a [refusal](refusals.md). Every entry of `errors` carries `extensions.code` from this closed list, `extensions.message` in both languages and, where fields were not accepted, `extensions.fields` with path, cause and what would be accepted. A code without a status here comes with 200, or with 400 where the document itself cannot be run; `FORBIDDEN` of one list comes with 200 too, at the path of the list, beside what else was asked.',
    'This page is made from the code: `npm run build && node dist/apps/server/print-reference.js errors > docs/reference/errors.md`. 本页由代码生成；被制度拒绝的不是错误，见 refusals.md。',
    '',
    '| code | HTTP | 中文 | English |',
    '|---|---|---|---|',
    ...Object.entries(errorTexts).map(
      ([code, { zh, en }]) => `| \`${code}\` | ${httpStatuses[code as ErrorCode] ?? ''} | ${zh} | ${en} |`,
    ),
    '',
    '## Why a socket was closed · 连接关闭的原因',
    '',
    '| code | reason |',
    '|---|---|',
    ...Object.values(closeCodes)
      .toSorted(([one], [other]) => one - other)
      .map(([code, reason]) => `| ${code} | ${reason} |`),
  ].join('\n')}\n`;
