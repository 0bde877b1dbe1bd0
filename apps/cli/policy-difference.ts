import { Command, Option } from 'commander';
import { policyDifference, type Difference } from '#policy/difference.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { lineText } from './policy-check.js';
import { readPolicyFile } from './policy-file.js';
import { UsageError } from './usage-error.js';

const policyIn = (file: string): Policy => {
  const loaded = loadPolicy(readPolicyFile(file));
  if (loaded.ok) return loaded.policy;
  throw new UsageError(loaded.problems.map((problem) => lineText({ file, severity: 'error', ...problem })).join('\n'));
};

/** The text of a notice: what the later version changes, in both languages, with the rules of the paper. */
export const noticeText = (before: Policy, after: Policy, differences: readonly Difference[]): string =>
  [
    `${before.reference} → ${after.reference}`,
    ...differences.flatMap(({ text, rules }) => {
      const cited = rules.length === 0 ? '' : `  [${rules.join(', ')}]`;
      return [`- ${text.zh}${cited}`, `  ${text.en}`];
    }),
    `${differences.length} 处不同 · differences`,
  ].join('\n');

/** `baobei policy difference <before> <after>`: exit 0 whether they differ or not, 2 when one of them does not load. */
export const policyDifferenceCommand = (): Command =>
  new Command('difference')
    .description('两个版本逐条对照，可作通知 · what a later version changes, item by item, as the text of a notice')
    .argument('<before>', '原制度文件 · the earlier policy file')
    .argument('<after>', '新制度文件 · the later policy file')
    .addOption(new Option('--format <format>', '输出格式 · output').choices(['text', 'json']).default('text'))
    .action((before: string, after: string, { format }: { readonly format: 'text' | 'json' }) => {
      const [was, is] = [policyIn(before), policyIn(after)];
      const differences = policyDifference(was, is);
      process.stdout.write(
        `${format === 'json' ? JSON.stringify(differences, null, 2) : noticeText(was, is, differences)}\n`,
      );
    });
