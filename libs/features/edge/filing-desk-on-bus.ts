import type { CommandBus } from '@nestjs/cqrs';
import type { FilingDesk } from '../intake/filing-desk.js';
import { recordDeposit } from '../dossier/protection/record-deposit/record-deposit.js';
import { grantPermission } from '../dossier/registration/grant-permission/grant-permission.js';
import { register } from '../dossier/registration/register/register.js';
import { commandTo } from './command-bus.js';

/** Files over the command bus, like everybody else. */
export const filingDeskOn = (commands: CommandBus): FilingDesk => ({
  grantPermission: (command) => commands.execute(commandTo(grantPermission, command)),
  register: (command) => commands.execute(commandTo(register, command)),
  recordDeposit: (command) => commands.execute(commandTo(recordDeposit, command)),
});
