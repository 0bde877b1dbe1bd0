import type { Command } from 'commander';
import { readConfiguration } from '#installation/configuration.js';
import { confirmClock } from '#installation/clock-confirmation.js';

/** `baobei clock confirm`: says on the server's own machine that its clock is right, so that what it holds goes on. */
export const addClockCommand = (program: Command): void => {
  program
    .command('clock')
    .description('服务器时钟 / the clock of a server')
    .command('confirm')
    .description(
      '确认本机时钟无误：服务器因时钟跳变而暂停时，由此恢复 / say that the clock of this machine is right: a server that holds everything because its clock has jumped goes on',
    )
    .action(() => {
      const { dataFolder } = readConfiguration(process.env);
      const now = confirmClock(dataFolder);
      process.stdout.write(`已确认：现在是 ${now}。 / Confirmed: it is ${now}.\n`);
    });
};
