import { Command, Option } from 'commander';
import { ruleCoverage } from '#policy/coverage.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { lineText } from './policy-check.js';
import { readPolicyFile } from './policy-file.js';
import { scenarioText } from './policy-test.js';
import { playRegimes, regimesPage } from './regimes-page.js';
import { readScenarios } from './scenarios/document.js';
import { enforcements } from './scenarios/mutation.js';
import { UsageError } from './usage-error.js';

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

/** Each item by whether a scenario misses it; exit 1 when a rule has no item that one does. */
const tellEnforced = async (policy: Policy, file: string, format: 'text' | 'json'): Promise<void> => {
  const read = readScenarios(scenarioText(file));
  if (!read.ok)
    throw new UsageError(
      read.problems.map(({ line, message }) => `${file}:${line} ${message.zh} / ${message.en}`).join('\n'),
    );
  const found = await enforcements(policy, read.scenarios, file);
  const rules = [...new Set(found.map(({ rule }) => rule))].toSorted();
  const mentioned = rules.filter((rule) => !found.some((each) => each.rule === rule && each.by !== undefined));
  const lines = found
    .toSorted((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
    .map(
      ({ rule, label, by }) => `${by === undefined ? '?' : '✓'} ${rule}  ${label}${by === undefined ? '' : `  ${by}`}`,
    );
  process.stdout.write(
    format === 'json'
      ? `${JSON.stringify(found, null, 2)}\n`
      : `${[...lines, `${rules.length - mentioned.length}/${rules.length} 条去掉条款后场景失败 · rules whose scenario fails without the item`].join('\n')}\n`,
  );
  if (mentioned.length > 0) process.exitCode = 1;
};

interface CoverageOptions {
  readonly format: 'text' | 'json';
  readonly play?: string | true;
  readonly all?: true;
}

/**
 * `baobei policy coverage <file>`: exit 0, or 1 when the file does not load or a declared rule is neither enforced nor
 * listed as unenforced. `--all`: every rule of every paper, with `--play` after playing the regimes that changed.
 */
export const policyCoverageCommand = (): Command =>
  new Command('coverage')
    .description('制度条款对照 · which rule is enforced where')
    .argument('[file]', '制度文件 · policy file')
    .option('--all', '随附的全部制度，逐条 · every rule of every regime that we ship')
    .option('--play [scenarios]', '场景文件：去掉条款后场景是否失败 · scenarios that must fail without the item')
    .addOption(new Option('--format <format>', '输出格式 · output').choices(['text', 'json']).default('text'))
    .action(async (file: string | undefined, { format, play, all }: CoverageOptions) => {
      if (all === true) {
        if (play !== undefined) await playRegimes((line) => process.stderr.write(`${line}\n`));
        process.stdout.write(regimesPage());
        return;
      }
      if (file === undefined || play === true)
        throw new UsageError(
          'coverage <制度文件> [--play <场景文件>]，或 coverage --all [--play]。 / coverage <file> [--play <scenarios>], or coverage --all [--play].',
        );
      await tellCoverage(file, format, play);
    });

const tellCoverage = async (file: string, format: 'text' | 'json', play: string | undefined): Promise<void> => {
  const loaded = loadPolicy(readPolicyFile(file));
  if (!loaded.ok) {
    process.stdout.write(
      `${loaded.problems.map((problem) => lineText({ file, severity: 'error', ...problem })).join('\n')}\n`,
    );
    process.exitCode = 1;
    return;
  }
  if (play !== undefined) {
    await tellEnforced(loaded.policy, play, format);
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
};
