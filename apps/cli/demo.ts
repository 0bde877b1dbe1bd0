import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Listr } from 'listr2';
import { readConfiguration } from '#installation/configuration.js';
import { fileRegister, type Tally } from './demo/register.js';
import { historyLines, refusalLines } from './demo/show.js';
import { openStage, type Stage } from './demo/stage.js';
import { collision, extension, penalty, type Chapter } from './demo/story.js';
import { openWorld } from './demo/world.js';
import { UsageError } from './usage-error.js';

/**
 * `npm run demo`: fills an empty data folder with a quarter of real registers and four disputes, on a simulated clock,
 * through the real command path.
 */
export const addDemoCommand = (program: Command): void => {
  program
    .command('demo')
    .description('用样例数据演示（写入空的数据目录） / fill an empty data folder with a demonstration')
    .action(play);
};

interface Told {
  tally?: Tally;
  readonly chapters: Chapter[];
}

const play = async (): Promise<void> => {
  const { dataFolder, organisation } = readConfiguration(process.env);
  if (existsSync(join(dataFolder, 'log.db'))) {
    throw new UsageError(
      `数据目录 ${dataFolder} 已有数据；演示只写入空目录。可用 DATA_DIR 另指一个，例如 DATA_DIR=./data-demo。 / The data folder ${dataFolder} holds data already; the demonstration fills an empty one. Name another by DATA_DIR, for instance DATA_DIR=./data-demo.`,
    );
  }
  const stage = await openStage({
    folder: dataFolder,
    organisation,
    onMasterKey: ({ path }) => {
      process.stderr.write(`主密钥 / master key: ${path}\n`);
    },
  });
  const told: Told = { chapters: [] };
  try {
    await tasks(stage, told).run();
    await stage.installation.catchUp();
    process.stdout.write(`${(await summary(stage, told)).join('\n')}\n`);
  } finally {
    await stage.close();
  }
};

const chapters = [
  { title: '撞单与裁决 / a collision and its verdict', play: collision },
  { title: '延期、成交、到期 / an extension, a deal, the end', play: extension },
  { title: '处罚与禁报 / penalties and a ban', play: penalty },
] as const;

const tasks = (stage: Stage, told: Told) =>
  new Listr(
    [
      { title: '项目、制度、日历、人员 / programs, policies, calendars, people', task: () => openWorld(stage) },
      {
        title: '导入 2026 年一季度意向客户登记 / importing the register of Q1 2026',
        task: async (_, task) => {
          const title = task.title;
          told.tally = await fileRegister(stage, (done, of) => {
            if (done % 12 === 0 || done === of) task.title = `${title} ${bar(done, of)}`;
          });
        },
      },
      ...chapters.map(({ title, play: chapter }) => ({
        title,
        task: async () => {
          told.chapters.push(await chapter(stage));
        },
      })),
    ],
    { renderer: process.stdout.isTTY ? 'default' : 'simple' },
  );

const barLength = 24;
const bar = (done: number, of: number): string => {
  const full = Math.round((done / of) * barLength);
  return `${'█'.repeat(full)}${'░'.repeat(barLength - full)} ${done}/${of}`;
};

const summary = async ({ installation }: Stage, { tally, chapters: told }: Told): Promise<readonly string[]> => {
  const lines: string[] = [];
  if (tally !== undefined) {
    lines.push(
      '',
      `一季度登记 / the register: ${tally.rows} rows, ${tally.accepted} accepted (${tally.lifted} lifted by a deposit), ${tally.rows - tally.accepted} refused`,
    );
    for (const [reason, count] of [...tally.refused].toSorted((a, b) => b[1] - a[1]))
      lines.push(`  ${String(count).padStart(5)}  ${reason}`);
  }
  for (const { title, subjects, refusals } of told) {
    lines.push('', `${title.zh} / ${title.en}`);
    for (const subject of subjects)
      lines.push(`  history(subject: "${subject}")`, ...(await historyLines(installation, subject)));
    for (const refusal of refusals) lines.push(...refusalLines(refusal));
  }
  lines.push(
    '',
    `${await installation.parts.log.head()} events. npm start 后在 http://127.0.0.1:4000/graphiql 查看 / npm start and look at them in http://127.0.0.1:4000/graphiql`,
  );
  return lines;
};
