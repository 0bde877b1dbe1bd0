import type { CommandBus } from '@nestjs/cqrs';
import { RecordDepositCommand } from '../dossier/protection/record-deposit/record-deposit.handler.js';
import { GrantPermissionCommand } from '../dossier/registration/grant-permission/grant-permission.handler.js';
import { RegisterCommand } from '../dossier/registration/register/register.handler.js';
import type { FilingDesk } from './filing-desk.js';

/** Files over the command bus, like everybody else. */
export const filingDeskOn = (commands: CommandBus): FilingDesk => ({
  grantPermission: (command) => commands.execute(new GrantPermissionCommand(command)),
  register: (command) => commands.execute(new RegisterCommand(command)),
  recordDeposit: (command) => commands.execute(new RecordDepositCommand(command)),
});
