import { Module } from '@nestjs/common';
import { Answers } from './answers.js';
import { Dispatch } from './dispatch.js';
import { DossierAccess } from './dossier-access.js';
import { DossierChangedResolver } from '../audit/dossier-changed/dossier-changed.resolver.js';
import { HistoryResolver } from '../audit/history/history.resolver.js';
import { ArbitrateResolver } from '../dossier/collision/arbitrate/arbitrate.resolver.js';
import { CaseFileResolver } from '../dossier/collision/case-file/case-file.resolver.js';
import { ObjectResolver } from '../dossier/collision/object/object.resolver.js';
import { AgreeSplitResolver } from '../dossier/deal/agree-split/agree-split.resolver.js';
import { AttributionResolver } from '../dossier/deal/attribution/attribution.resolver.js';
import { RecordDealResolver } from '../dossier/deal/record-deal/record-deal.resolver.js';
import { DecideExtensionResolver } from '../dossier/protection/decide-extension/decide-extension.resolver.js';
import { OwnershipResolver } from '../dossier/protection/ownership/ownership.resolver.js';
import { ProtectionStatusResolver } from '../dossier/protection/protection-status/protection-status.resolver.js';
import { RecordDepositResolver } from '../dossier/protection/record-deposit/record-deposit.resolver.js';
import { RecordFollowUpResolver } from '../dossier/protection/record-follow-up/record-follow-up.resolver.js';
import { RecordVisitResolver } from '../dossier/protection/record-visit/record-visit.resolver.js';
import { ReleaseResolver } from '../dossier/protection/release/release.resolver.js';
import { RequestExtensionResolver } from '../dossier/protection/request-extension/request-extension.resolver.js';
import { RescindRulingResolver } from '../dossier/protection/rescind-ruling/rescind-ruling.resolver.js';
import { TerminateResolver } from '../dossier/protection/terminate/terminate.resolver.js';
import { TransferResolver } from '../dossier/protection/transfer/transfer.resolver.js';
import { ApproveResolver } from '../dossier/registration/approve/approve.resolver.js';
import { AskAvailabilityResolver } from '../dossier/registration/ask-availability/ask-availability.resolver.js';
import { AskPermissionResolver } from '../dossier/registration/ask-permission/ask-permission.resolver.js';
import { ExemptResolver } from '../dossier/registration/exempt/exempt.resolver.js';
import { GrantPermissionResolver } from '../dossier/registration/grant-permission/grant-permission.resolver.js';
import { RecallResolver } from '../dossier/registration/recall/recall.resolver.js';
import { RegisterResolver } from '../dossier/registration/register/register.resolver.js';
import { RegistrationCardResolver } from '../dossier/registration/registration-card/registration-card.resolver.js';
import { RegistrationFormResolver } from '../dossier/registration/registration-form/registration-form.resolver.js';
import { RejectResolver } from '../dossier/registration/reject/reject.resolver.js';
import { ResubmitResolver } from '../dossier/registration/resubmit/resubmit.resolver.js';
import { ReturnForMoreResolver } from '../dossier/registration/return-for-more/return-for-more.resolver.js';
import { ChangeMembershipResolver } from '../party/change-membership/change-membership.resolver.js';
import { EnrolPartyResolver } from '../party/enrol-party/enrol-party.resolver.js';
import { GrantRoleResolver } from '../party/grant-role/grant-role.resolver.js';
import { PartyCardResolver } from '../party/party-card/party-card.resolver.js';
import { RevokeRoleResolver } from '../party/revoke-role/revoke-role.resolver.js';
import { OpenProgramResolver } from '../program/open-program/open-program.resolver.js';
import { ProgramCardResolver } from '../program/program-card/program-card.resolver.js';
import { PublishCalendarResolver } from '../program/publish-calendar/publish-calendar.resolver.js';
import { PublishPolicyResolver } from '../program/publish-policy/publish-policy.resolver.js';
import { FindOffenceResolver } from '../standing/find-offence/find-offence.resolver.js';
import { RescindPenaltyResolver } from '../standing/rescind-penalty/rescind-penalty.resolver.js';
import { StandingCardResolver } from '../standing/standing-card/standing-card.resolver.js';
import { LockUserResolver } from '../user/lock-user/lock-user.resolver.js';
import { UnlockUserResolver } from '../user/unlock-user/unlock-user.resolver.js';

/** Every query, mutation and subscription of the features. Takes the module of the command handlers, which is global. */
@Module({
  providers: [
    Answers,
    Dispatch,
    DossierAccess,
    OpenProgramResolver,
    ProgramCardResolver,
    PublishCalendarResolver,
    PublishPolicyResolver,
    ChangeMembershipResolver,
    EnrolPartyResolver,
    GrantRoleResolver,
    PartyCardResolver,
    RevokeRoleResolver,
    LockUserResolver,
    UnlockUserResolver,
    ArbitrateResolver,
    CaseFileResolver,
    ObjectResolver,
    AgreeSplitResolver,
    AttributionResolver,
    RecordDealResolver,
    DecideExtensionResolver,
    OwnershipResolver,
    ProtectionStatusResolver,
    RecordDepositResolver,
    RecordFollowUpResolver,
    RecordVisitResolver,
    ReleaseResolver,
    RequestExtensionResolver,
    RescindRulingResolver,
    TerminateResolver,
    TransferResolver,
    ApproveResolver,
    AskAvailabilityResolver,
    AskPermissionResolver,
    ExemptResolver,
    GrantPermissionResolver,
    RecallResolver,
    RegisterResolver,
    RegistrationCardResolver,
    RegistrationFormResolver,
    RejectResolver,
    ResubmitResolver,
    ReturnForMoreResolver,
    FindOffenceResolver,
    RescindPenaltyResolver,
    StandingCardResolver,
    DossierChangedResolver,
    HistoryResolver,
  ],
  exports: [Answers],
})
export class GraphqlModule {}
