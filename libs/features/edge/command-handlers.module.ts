import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CommandEngine } from '#event-sourcing/command/handle-command.js';
import { StreamWatch } from '#event-sourcing/log/stream-watch.js';
import { Commands } from './commands.js';
import { Readings } from './readings.js';
import { RegisterHandler } from '../dossier/registration/register/register.handler.js';
import { AskPermissionHandler } from '../dossier/registration/ask-permission/ask-permission.handler.js';
import { GrantPermissionHandler } from '../dossier/registration/grant-permission/grant-permission.handler.js';
import { ExemptHandler } from '../dossier/registration/exempt/exempt.handler.js';
import { RecallHandler } from '../dossier/registration/recall/recall.handler.js';
import { ResubmitHandler } from '../dossier/registration/resubmit/resubmit.handler.js';
import { ApproveHandler } from '../dossier/registration/approve/approve.handler.js';
import { RejectHandler } from '../dossier/registration/reject/reject.handler.js';
import { ReturnForMoreHandler } from '../dossier/registration/return-for-more/return-for-more.handler.js';
import { MeetDeadlinesHandler } from '../dossier/registration/meet-deadlines/meet-deadlines.handler.js';
import { RequestExtensionHandler } from '../dossier/protection/request-extension/request-extension.handler.js';
import { DecideExtensionHandler } from '../dossier/protection/decide-extension/decide-extension.handler.js';
import { RecordVisitHandler } from '../dossier/protection/record-visit/record-visit.handler.js';
import { RecordFollowUpHandler } from '../dossier/protection/record-follow-up/record-follow-up.handler.js';
import { RecordDepositHandler } from '../dossier/protection/record-deposit/record-deposit.handler.js';
import { ReleaseHandler } from '../dossier/protection/release/release.handler.js';
import { TerminateHandler } from '../dossier/protection/terminate/terminate.handler.js';
import { TransferHandler } from '../dossier/protection/transfer/transfer.handler.js';
import { RescindRulingHandler } from '../dossier/protection/rescind-ruling/rescind-ruling.handler.js';
import { ObjectHandler } from '../dossier/collision/object/object.handler.js';
import { ArbitrateHandler } from '../dossier/collision/arbitrate/arbitrate.handler.js';
import { AgreeSplitHandler } from '../dossier/deal/agree-split/agree-split.handler.js';
import { RecordDealHandler, RecordDealOfHandler } from '../dossier/deal/record-deal/record-deal.handler.js';
import { IssueNoticesHandler } from '../notice/issue-notices/issue-notices.handler.js';
import { OpenProgramHandler } from '../program/open-program/open-program.handler.js';
import { PublishPolicyHandler } from '../program/publish-policy/publish-policy.handler.js';
import { PublishCalendarHandler } from '../program/publish-calendar/publish-calendar.handler.js';
import { EnrolPartyHandler } from '../party/enrol-party/enrol-party.handler.js';
import { ChangeMembershipHandler } from '../party/change-membership/change-membership.handler.js';
import { GrantRoleHandler } from '../party/grant-role/grant-role.handler.js';
import { RevokeRoleHandler } from '../party/revoke-role/revoke-role.handler.js';
import { FindOffenceHandler } from '../standing/find-offence/find-offence.handler.js';
import { RescindPenaltyHandler } from '../standing/rescind-penalty/rescind-penalty.handler.js';
import { RecordReadHandler } from '../audit/record-read/record-read.handler.js';
import { AskAvailabilityHandler } from '../dossier/registration/ask-availability/ask-availability.handler.js';

const handlers = [
  RegisterHandler,
  AskPermissionHandler,
  GrantPermissionHandler,
  ExemptHandler,
  RecallHandler,
  ResubmitHandler,
  ApproveHandler,
  RejectHandler,
  ReturnForMoreHandler,
  MeetDeadlinesHandler,
  RequestExtensionHandler,
  DecideExtensionHandler,
  RecordVisitHandler,
  RecordFollowUpHandler,
  RecordDepositHandler,
  ReleaseHandler,
  TerminateHandler,
  TransferHandler,
  RescindRulingHandler,
  ArbitrateHandler,
  ObjectHandler,
  AgreeSplitHandler,
  RecordDealHandler,
  RecordDealOfHandler,
  IssueNoticesHandler,
  OpenProgramHandler,
  PublishPolicyHandler,
  PublishCalendarHandler,
  EnrolPartyHandler,
  ChangeMembershipHandler,
  GrantRoleHandler,
  RevokeRoleHandler,
  FindOffenceHandler,
  RescindPenaltyHandler,
  AskAvailabilityHandler,
  RecordReadHandler,
];

/** What stands behind the features, whatever storage it is made of. */
export interface BehindTheFeatures {
  readonly desk: Commands;
  readonly readings: Readings;
  /** Tells subscriptions what happens to a dossier. */
  readonly dossierWatch: StreamWatch;
}

/** Every command of the product on one CommandBus, whoever sends it, and what queries read from. */
@Module({})
export class CommandHandlersModule {
  static over({ desk, readings, dossierWatch }: BehindTheFeatures): DynamicModule {
    return {
      module: CommandHandlersModule,
      global: true,
      imports: [CqrsModule.forRoot({ rethrowUnhandled: true })],
      providers: [
        { provide: Commands, useValue: desk },
        { provide: Readings, useValue: readings },
        { provide: CommandEngine, useValue: desk.engine },
        { provide: StreamWatch, useValue: dossierWatch },
        ...handlers,
      ],
      exports: [CqrsModule, Commands, Readings, CommandEngine, StreamWatch],
    };
  }
}
