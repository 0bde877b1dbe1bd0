import { Command, Option } from 'commander';
import { checkText, type Found } from '#policy/check.js';
import { loadPolicy } from '#policy/policy.js';
import { readPolicyFile } from './policy-file.js';

/** One line of the report: where, how bad, what, in both languages. */
export interface CheckLine extends Found {
  readonly file: string;
}
const linesOf = (file: string, text: string): readonly CheckLine[] =>
  checkText(text).map((found) => ({ file, ...found }));

export const lineText = ({ file, line, column, severity, code, path, message }: CheckLine): string => {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const kind = severity === 'error' ? '错误 error' : '提示 warning';
  return `${place}  ${kind}  ${code}${path === '' ? '' : `  ${path}`}\n    ${message.zh}\n    ${message.en}`;
};

/**
 * `baobei policy check <file…>`: exit 0 when every file can be published, 1 when one cannot (with --strict: when
 * anything was found), 2 when one cannot be read.
 */
export const policyCheckCommand = (): Command =>
  new Command('check')
    .description('检查制度文件 · load and lint policy documents')
    .argument('<file...>', '制度文件 · policy files')
    .option('--strict', '有提示也算不通过 · warnings fail too', false)
    .addOption(new Option('--format <format>', '输出格式 · output').choices(['text', 'json']).default('text'))
    .action((files: string[], options: { strict: boolean; format: 'text' | 'json' }) => {
      const lines = files.flatMap((file) => {
        const text = readPolicyFile(file);
        const found = linesOf(file, text);
        if (options.format === 'text')
          process.stdout.write(`${[...found.map(lineText), summary(file, text, found)].join('\n')}\n`);
        return found;
      });
      if (options.format === 'json') process.stdout.write(`${JSON.stringify(lines, null, 2)}\n`);
      if (lines.some(({ severity }) => severity === 'error' || options.strict)) process.exitCode = 1;
    });

const summary = (file: string, text: string, lines: readonly CheckLine[]): string => {
  const errors = lines.filter(({ severity }) => severity === 'error').length;
  const loaded = loadPolicy(text);
  const name = loaded.ok ? loaded.policy.reference : file;
  return `${name}: ${errors} 个错误，${lines.length - errors} 个提示 · ${errors} errors, ${lines.length - errors} warnings`;
};
