import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Command, Option } from 'commander';
import { bytesMax } from '#policy/reading.js';
import type { Language } from '#policy/sentences.js';
import { readScenarios } from './scenarios/document.js';
import { play } from './scenarios/play.js';
import { failureText, type Failure } from './scenarios/report.js';
import { storages, type Storage } from './scenarios/stage.js';
import { UsageError } from './usage-error.js';

interface TestOptions {
  readonly storage: Storage;
  readonly language: Language;
  readonly only?: string;
}

/**
 * `baobei policy test <folder…>`: exit 0 when every scenario came true, 1 when one did not, 2 when nothing could be
 * read.
 */
export const policyTestCommand = (): Command =>
  new Command('test')
    .description('执行场景文件 · play the scenarios beside policy documents')
    .argument('<folder...>', '文件夹或 .scenarios.yaml 文件 · folders or scenario files')
    .addOption(new Option('--storage <storage>', '存储 · storage').choices([...storages]).default('memory'))
    .addOption(new Option('--language <language>', '语言 · language').choices(['zh', 'en']).default('zh'))
    .option('--only <text>', '只执行标题含此文字的场景 · only scenarios whose title has this text')
    .action(async (folders: string[], options: TestOptions) => {
      const files = folders.flatMap(scenarioFiles);
      if (files.length === 0)
        throw new UsageError(`${folders.join('、')}：没有 .scenarios.yaml 文件。 / There is no .scenarios.yaml file.`);
      let passed = 0;
      let failed = 0;
      for (const file of files) {
        const counts = await testFile(file, options);
        passed += counts.passed;
        failed += counts.failed;
      }
      if (options.only !== undefined && passed + failed === 0)
        throw new UsageError(`没有标题含“${options.only}”的场景。 / No scenario's title has "${options.only}" in it.`);
      process.stdout.write(
        options.language === 'zh' ? `通过 ${passed}，失败 ${failed}\n` : `${passed} passed, ${failed} failed\n`,
      );
      if (failed > 0) process.exitCode = 1;
    });

/** Every scenario file in a folder and below it. */
export const scenarioFiles = (path: string): readonly string[] => {
  if (!existsSync(path)) throw new UsageError(`${path}：无法读取。 / It cannot be read.`);
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.scenarios\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(path, name));
};

const testFile = async (
  file: string,
  { storage, language, only }: TestOptions,
): Promise<{ readonly passed: number; readonly failed: number }> => {
  const shown = relative(process.cwd(), file);
  const read = readScenarios(scenarioText(file));
  if (!read.ok)
    process.stdout.write(
      `${read.problems.map(({ line, message }) => `✗ ${shown}:${line}  ${message[language]}`).join('\n')}\n`,
    );
  let passed = 0;
  let failed = read.ok ? 0 : read.broken;
  for (const scenario of read.scenarios.filter(({ title }) => only === undefined || title.includes(only))) {
    const failures = await play(scenario, file, { storage });
    process.stdout.write(resultText(shown, scenario, failures, language));
    if (failures.length === 0) passed += 1;
    else failed += 1;
  }
  return { passed, failed };
};

export const scenarioText = (file: string): string => {
  if (statSync(file).size > bytesMax)
    throw new UsageError(`${file}：场景文件最大 ${bytesMax} 字节。 / A scenario file has at most ${bytesMax} bytes.`);
  return readFileSync(file, 'utf8');
};

const resultText = (
  file: string,
  { title, line }: { readonly title: string; readonly line: number },
  failures: readonly Failure[],
  language: Language,
): string =>
  failures.length === 0
    ? `✓ ${title}\n`
    : `✗ ${title}  ${file}:${line}\n${failures.map((failure) => failureText(file, failure, language)).join('\n')}\n`;
