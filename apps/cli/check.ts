import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import { lockFolder } from '#adapters/event-log-sqlite/folder-lock.js';
import { readConfiguration } from '#installation/configuration.js';
import { disagreements } from '#installation/stores/agreement.js';
import { checkFolder } from '#installation/stores/full-check.js';
import { lookAtStores, setProofAside } from '#installation/stores/stores-of-folder.js';
import { progressLine } from './progress-line.js';
import { UsageError } from './usage-error.js';

/** `baobei check`: whether a data folder is whole. Exit 0 when it is, 1 when something was found. */
export const checkCommand = (): Command =>
  new Command('check')
    .description(
      '逐页、逐事件、逐密钥核对数据目录；服务器运行时也可执行 / look at every page, event and key of the data folder, also while a server runs',
    )
    .option(
      '--accept-loss',
      '承认日志已丢失一部分：把证据移到一旁，再由此继续（须先停止服务器） / give up what the log has lost: sets the proof aside and goes on from there (stop the server first)',
      false,
    )
    .action(({ acceptLoss }: { readonly acceptLoss: boolean }) => {
      const { dataFolder } = readConfiguration(process.env);
      if (!existsSync(dataFolder))
        throw new UsageError(
          `数据目录 ${dataFolder} 不存在，可用 DATA_DIR 指定。 / There is no data folder ${dataFolder}; name one by DATA_DIR.`,
        );
      if (acceptLoss) giveUp(dataFolder);
      else check(dataFolder);
    });

const check = (folder: string): void => {
  const line = progressLine(process.stderr, lookAtEnd(folder));
  const { events, keysNamed, findings } = checkFolder(folder, (done) => {
    line.show(done);
  });
  line.end();
  process.stdout.write(
    `${events} 个事件，用到 ${keysNamed} 把密钥，发现 ${findings.length} 处问题。\n${events} events that name ${keysNamed} keys; ${findings.length} findings.\n`,
  );
  for (const { zh, en } of findings) process.stdout.write(`- ${zh}\n  ${en}\n`);
  if (findings.length > 0) process.exitCode = 1;
};

/** How many events there are to look at; a log that cannot be read has its finding later. */
const lookAtEnd = (folder: string): number => {
  try {
    return lookAtStores(folder).log?.head ?? 0;
  } catch {
    return 0;
  }
};

const giveUp = (folder: string): void => {
  const lock = lockFolder(folder, systemClock.now());
  try {
    const seen = lookAtStores(folder);
    const [other] = disagreements(seen).filter(({ code }) => code !== 'LogShortened');
    if (other !== undefined) throw new UsageError(`${other.zh}。 / ${other.en}.`);
    if (disagreements(seen).length === 0)
      throw new UsageError('日志没有缺失，无需承认损失。 / The log lacks nothing; there is no loss to accept.');
    const aside = `set-aside-${seen.log!.head}`;
    if (existsSync(join(folder, aside)))
      throw new UsageError(
        `${join(folder, aside)} 已存在，请先移走。 / ${join(folder, aside)} is there already; move it away first.`,
      );
    setProofAside(folder, aside, seen.log!.head);
    process.stdout.write(
      `日志由 ${seen.log!.head} 个事件继续；证据在 ${join(folder, aside)}。\nThe log goes on from ${seen.log!.head} events; the proof lies in ${join(folder, aside)}.\n`,
    );
  } finally {
    lock.release();
  }
};
