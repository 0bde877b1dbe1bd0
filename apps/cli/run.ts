import { Command } from 'commander';
import { ConfigurationError } from '#installation/configuration.js';
import { startRefusal } from '#installation/start-refusal.js';
import { adminCommand } from './admin.js';
import { calendarCommand } from './calendar.js';
import { addClockCommand } from './clock.js';
import { checkCommand } from './check.js';
import { addCopyCommand } from './copy.js';
import { addDemoCommand } from './demo.js';
import { importCommand } from './import.js';
import { policyCommand } from './policy.js';
import { addTokenCommand } from './token.js';
import { UsageError } from './usage-error.js';
import { userCommand } from './user.js';

/** One file for each subcommand; each adds itself. */
export const run = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('baobei').description('报备 · the command line of Baobei');
  addTokenCommand(program);
  addDemoCommand(program);
  addClockCommand(program);
  addCopyCommand(program);
  program.addCommand(adminCommand());
  program.addCommand(calendarCommand());
  program.addCommand(checkCommand());
  program.addCommand(importCommand());
  program.addCommand(policyCommand());
  program.addCommand(userCommand());
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    const sentence =
      error instanceof UsageError || error instanceof ConfigurationError ? error.message : startRefusal(error);
    if (sentence === undefined) throw error;
    process.stderr.write(`${sentence}\n`);
    process.exitCode = 2;
  }
};
