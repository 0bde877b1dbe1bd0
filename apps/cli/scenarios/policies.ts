import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { ScenarioError } from './problem.js';

/** Where the documents that we ship lie; data stays in the source tree, wherever the code was compiled to. */
export const shippedFolder = join(import.meta.dirname, '../../../libs/policy/documents').replace(
  /([/\\])dist[/\\](?=libs[/\\]policy)/,
  '$1',
);

export interface PolicySource {
  readonly text: string;
  readonly policy: Policy;
}

/** The policy that a scenario is about: beside its file, by path, or one of ours by its id. */
export const policyFor = (scenarioFile: string, named: string | undefined, line: number): string => {
  const folder = dirname(resolve(scenarioFile));
  const candidates =
    named === undefined
      ? [
          resolve(scenarioFile).replace(/\.scenarios\.ya?ml$/, '.policy.yaml'),
          join(folder, `${basename(folder)}.policy.yaml`),
        ]
      : [
          resolve(folder, named),
          join(folder, `${named}.policy.yaml`),
          join(shippedFolder, named, `${named}.policy.yaml`),
        ];
  const found = candidates.find((path) => /\.ya?ml$/.test(path) && existsSync(path));
  if (found === undefined)
    throw new ScenarioError(line, {
      zh: `找不到制度文件${named === undefined ? '' : `“${named}”`}，查找过：${candidates.join('、')}。`,
      en: `No policy document${named === undefined ? '' : ` "${named}"`}; looked for: ${candidates.join(', ')}.`,
    });
  return readFileSync(found, 'utf8');
};

/**
 * The document with other values at some paths (`protection[0].lasts.counting`), so that a scenario can ask what
 * another reading would give.
 */
export const withReading = (text: string, reading: Readonly<Record<string, unknown>>, line: number): PolicySource => {
  const changed = Object.keys(reading).length === 0 ? text : rewritten(text, reading, line);
  const loaded = loadPolicy(changed);
  if (!loaded.ok) {
    const [{ code, path, message }] = loaded.problems;
    throw new ScenarioError(line, {
      zh: `制度文件有误：${code}（${path}）${message.zh}`,
      en: `The policy cannot be used: ${code} at ${path}: ${message.en}`,
    });
  }
  return { text: changed, policy: loaded.policy };
};

const rewritten = (text: string, reading: Readonly<Record<string, unknown>>, line: number): string => {
  const document = parseDocument(text);
  for (const [path, value] of Object.entries(reading)) {
    const steps = path.split(/\.|\[(?=\d)/).map((step) => (/^\d+\]?$/.test(step) ? Number.parseInt(step, 10) : step));
    const above = steps.length === 1 ? document.contents : document.getIn(steps.slice(0, -1), true);
    if (!isMap(above) && !isSeq(above))
      throw new ScenarioError(line, { zh: `制度文件中没有 ${path}。`, en: `The policy has no ${path}.` });
    if (value === null) document.deleteIn(steps);
    else document.setIn(steps, document.createNode(value));
  }
  return document.toString();
};
