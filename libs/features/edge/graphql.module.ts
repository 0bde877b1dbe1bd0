import { Module } from '@nestjs/common';
import { Answers } from './answers.js';
import { Dispatch } from './dispatch.js';
import { mutations } from './mutations.js';
import { DossierAccess } from './dossier-access.js';
import { DossierChangedResolver } from '../audit/dossier-changed/dossier-changed.resolver.js';
import { HistoryResolver } from '../audit/history/history.resolver.js';
import { ArbitrateResolver } from '../dossier/collision/arbitrate/arbitrate.resolver.js';
import { RejoinResolver } from '../dossier/collision/rejoin/rejoin.resolver.js';
import { RescindVerdictResolver } from '../dossier/collision/rescind-verdict/rescind-verdict.resolver.js';
import { SeparateResolver } from '../dossier/collision/separate/separate.resolver.js';
import { CaseFileResolver } from '../dossier/collision/case-file/case-file.resolver.js';
import { AttributionResolver } from '../dossier/deal/attribution/attribution.resolver.js';
import { RecordDealResolver } from '../dossier/deal/record-deal/record-deal.resolver.js';
import { RescindDealResolver } from '../dossier/deal/rescind-deal/rescind-deal.resolver.js';
import { OwnershipResolver } from '../dossier/protection/ownership/ownership.resolver.js';
import { ProtectionStatusResolver } from '../dossier/protection/protection-status/protection-status.resolver.js';
import { AskAvailabilityResolver } from '../dossier/registration/ask-availability/ask-availability.resolver.js';
import { AskPermissionResolver } from '../dossier/registration/ask-permission/ask-permission.resolver.js';
import { ExemptResolver } from '../dossier/registration/exempt/exempt.resolver.js';
import { DutiesResolver } from '../dossier/duty/duties/duties.resolver.js';
import { FlagsResolver } from '../dossier/registration/flags/flags.resolver.js';
import { GrantPermissionResolver } from '../dossier/registration/grant-permission/grant-permission.resolver.js';
import { RegisterResolver } from '../dossier/registration/register/register.resolver.js';
import { RegistrationCardResolver } from '../dossier/registration/registration-card/registration-card.resolver.js';
import { RegistrationFormResolver } from '../dossier/registration/registration-form/registration-form.resolver.js';
import { StatisticsResolver } from '../dossier/registration/lists/statistics.resolver.js';
import { RequestCardResolver } from '../dossier/registration/request-card/request-card.resolver.js';
import { NoticeCardResolver } from '../notice/notice-card/notice-card.resolver.js';
import { ChangeMembershipResolver } from '../party/change-membership/change-membership.resolver.js';
import { EnrolPartyResolver } from '../party/enrol-party/enrol-party.resolver.js';
import { GrantRoleResolver } from '../party/grant-role/grant-role.resolver.js';
import { PartyCardResolver } from '../party/party-card/party-card.resolver.js';
import { FilingExtractsResolver } from '../dossier/registration/filing-extracts/filing-extracts.resolver.js';
import { RevokeRoleResolver } from '../party/revoke-role/revoke-role.resolver.js';
import { OpenProgramResolver } from '../program/open-program/open-program.resolver.js';
import { PolicyDifferenceResolver } from '../program/program-card/policy-difference.resolver.js';
import { ProgramCardResolver } from '../program/program-card/program-card.resolver.js';
import { PublishCalendarResolver } from '../program/publish-calendar/publish-calendar.resolver.js';
import { PublishPolicyResolver } from '../program/publish-policy/publish-policy.resolver.js';
import { Outlook } from '../program/publish-policy/outlook.resolver.js';
import { WithdrawPolicyResolver } from '../program/withdraw-policy/withdraw-policy.resolver.js';
import { FindOffenceResolver } from '../standing/find-offence/find-offence.resolver.js';
import { RescindPenaltyResolver } from '../standing/rescind-penalty/rescind-penalty.resolver.js';
import { StandingCardResolver } from '../standing/standing-card/standing-card.resolver.js';
import { PublishTableResolver } from '../table/publish-table/publish-table.resolver.js';
import { LockUserResolver } from '../user/lock-user/lock-user.resolver.js';
import { UnlockUserResolver } from '../user/unlock-user/unlock-user.resolver.js';
import { RecordWorkResolver } from '../work/record-work/record-work.resolver.js';

/** Every query, mutation and subscription of the features. Takes the module of the command handlers, which is global. */
@Module({
  providers: [
    Answers,
    Dispatch,
    DossierAccess,
    ...mutations,
    OpenProgramResolver,
    ProgramCardResolver,
    PolicyDifferenceResolver,
    PublishCalendarResolver,
    PublishPolicyResolver,
    WithdrawPolicyResolver,
    Outlook,
    ChangeMembershipResolver,
    EnrolPartyResolver,
    GrantRoleResolver,
    PartyCardResolver,
    RevokeRoleResolver,
    FilingExtractsResolver,
    LockUserResolver,
    UnlockUserResolver,
    ArbitrateResolver,
    RescindVerdictResolver,
    SeparateResolver,
    RejoinResolver,
    CaseFileResolver,
    AttributionResolver,
    RecordDealResolver,
    RescindDealResolver,
    OwnershipResolver,
    ProtectionStatusResolver,
    AskAvailabilityResolver,
    AskPermissionResolver,
    ExemptResolver,
    DutiesResolver,
    FlagsResolver,
    GrantPermissionResolver,
    RegisterResolver,
    RegistrationCardResolver,
    RegistrationFormResolver,
    RequestCardResolver,
    StatisticsResolver,
    FindOffenceResolver,
    RescindPenaltyResolver,
    StandingCardResolver,
    PublishTableResolver,
    DossierChangedResolver,
    HistoryResolver,
    NoticeCardResolver,
    RecordWorkResolver,
  ],
  exports: [Answers],
})
export class GraphqlModule {}
