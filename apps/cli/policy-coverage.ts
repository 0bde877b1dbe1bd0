import { Command, Option } from 'commander';
import { ruleCoverage } from '#policy/coverage.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { lineText } from './policy-check.js';
import { readPolicyFile } from './policy-file.js';

/** Each rule of the paper, with the items that enforce it or the reason why nothing does. */
export const coverageText = (policy: Policy): string => {
  const coverage = [...ruleCoverage(policy)];
  const rows = coverage.map(([rule, entry]) => {
    const why = 'unenforced' in entry ? entry.unenforced : undefined;
    if (entry.enforcedBy.length > 0) return `${rule}  ${entry.enforcedBy.join(', ')}`;
    return `${rule}  ${why === undefined ? '!! 无条款 · nothing' : `— 不执行 · not enforced: ${why}`}`;
  });
  const enforced = coverage.filter(([, { enforcedBy }]) => enforcedBy.length > 0).length;
  return [...rows, `${policy.reference}: ${enforced}/${coverage.length} 条有条款执行 · rules enforced`].join('\n');
};

/**
 * `baobei policy coverage <file>`: exit 0, or 1 when the file does not load or a declared rule is neither enforced nor
 * listed as unenforced.
 */
export const policyCoverageCommand = (): Command =>
  new Command('coverage')
    .description('制度条款对照 · which rule is enforced where')
    .argument('<file>', '制度文件 · policy file')
    .addOption(new Option('--format <format>', '输出格式 · output').choices(['text', 'json']).default('text'))
    .action((file: string, { format }: { format: 'text' | 'json' }) => {
      const loaded = loadPolicy(readPolicyFile(file));
      if (!loaded.ok) {
        process.stdout.write(
          `${loaded.problems.map((problem) => lineText({ file, severity: 'error', ...problem })).join('\n')}\n`,
        );
        process.exitCode = 1;
        return;
      }
      const coverage = ruleCoverage(loaded.policy);
      process.stdout.write(
        format === 'json'
          ? `${JSON.stringify(Object.fromEntries(coverage), null, 2)}\n`
          : `${coverageText(loaded.policy)}\n`,
      );
      if ([...coverage.values()].some((entry) => entry.enforcedBy.length === 0 && !('unenforced' in entry)))
        process.exitCode = 1;
    });
