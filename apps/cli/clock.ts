import type { Command } from 'commander';
import { confirmClock } from '#installation/clock-confirmation.js';
import { readConfiguration } from '#installation/configuration.js';
import { wellFormedText } from '#identity/text.js';
import { openFolder } from './open-folder.js';
import { repairAll } from './repair-all.js';
import { UsageError } from './usage-error.js';

/** `baobei clock`: what an operator says and mends about the clock of the server, on its own machine. */
export const addClockCommand = (program: Command): void => {
  const clock = program.command('clock').description('服务器时钟 / the clock of a server');
  clock
    .command('confirm')
    .description(
      '确认本机时钟无误：服务器因时钟跳变而暂停时，由此恢复 / say that the clock of this machine is right: a server that holds everything because its clock has jumped goes on',
    )
    .action(() => {
      const { dataFolder } = readConfiguration(process.env);
      const now = confirmClock(dataFolder);
      process.stdout.write(`已确认：现在是 ${now}。 / Confirmed: it is ${now}.\n`);
    });
  clock
    .command('repair')
    .description(
      '恢复因时钟超前而提前到期的保护（须先停止服务器、校准并确认时钟） / give back the protections that a clock ended which was ahead, with the server stopped and the clock right and confirmed',
    )
    .requiredOption('--reason <text>', '原因，报备人可见 / why; the filers read it')
    .action(({ reason }: { readonly reason: string }) => repair(reason));
};

const reasonMax = 2_000;

const repair = async (reason: string): Promise<void> => {
  if (!wellFormedText(reason, { max: reasonMax, lines: true }).ok)
    throw new UsageError(
      `--reason 须为 1 到 ${reasonMax} 个字符的文字。 / --reason is a text of 1 to ${reasonMax} characters.`,
    );
  const installation = await openFolder();
  try {
    const { back, left } = await repairAll(installation, reason);
    process.stdout.write(
      `已恢复 ${back.length} 项，未恢复 ${left.length} 项。 / ${back.length} given back, ${left.length} left.\n`,
    );
    for (const id of left)
      process.stdout.write(
        `${id}：他人现受保护、正在裁决，或该保护本身始于错误的时钟 / another is protected by now, a case is open, or it began under the wrong clock\n`,
      );
  } finally {
    await installation.close();
  }
};
