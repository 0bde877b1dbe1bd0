import { arbitrate } from './collision/arbitrate/arbitrate.js';
import { rejoin } from './collision/rejoin/rejoin.js';
import { rescindVerdict } from './collision/rescind-verdict/rescind-verdict.js';
import { separate } from './collision/separate/separate.js';
import { object } from './collision/object/object.js';
import { agreeSplit } from './deal/agree-split/agree-split.js';
import { recordDeal, recordDealOf } from './deal/record-deal/record-deal.js';
import { rescindDeal } from './deal/rescind-deal/rescind-deal.js';
import { decideExtension } from './protection/decide-extension/decide-extension.js';
import { recordDeposit } from './protection/record-deposit/record-deposit.js';
import { recordFollowUp } from './protection/record-follow-up/record-follow-up.js';
import { recordVisit } from './protection/record-visit/record-visit.js';
import { release } from './protection/release/release.js';
import { repairClock } from './protection/repair-clock/repair-clock.js';
import { requestExtension } from './protection/request-extension/request-extension.js';
import { rescindRuling } from './protection/rescind-ruling/rescind-ruling.js';
import { terminate } from './protection/terminate/terminate.js';
import { transfer } from './protection/transfer/transfer.js';
import { amendRegistration } from './registration/amend-registration/amend-registration.js';
import { assign } from './registration/assign/assign.js';
import { approve } from './registration/approve/approve.js';
import { askAvailability } from './registration/ask-availability/ask-availability.js';
import { askPermission } from './registration/ask-permission/ask-permission.js';
import { exempt } from './registration/exempt/exempt.js';
import { grantPermission } from './registration/grant-permission/grant-permission.js';
import { meetDeadlines } from './registration/meet-deadlines/meet-deadlines.js';
import { decideRequest } from './registration/decide-request/decide-request.js';
import { recall } from './registration/recall/recall.js';
import { recordActivity } from './registration/record-activity/record-activity.js';
import { register } from './registration/register/register.js';
import { rejectRegistration } from './registration/reject/reject.js';
import { requestApproval } from './registration/request-approval/request-approval.js';
import { resubmit } from './registration/resubmit/resubmit.js';
import { returnForMore } from './registration/return-for-more/return-for-more.js';

/** Everything that somebody may do here; its bus command and its handler follow from it. */
export const slices = [
  arbitrate,
  object,
  rescindVerdict,
  separate,
  rejoin,
  agreeSplit,
  recordDeal,
  recordDealOf,
  rescindDeal,
  decideExtension,
  recordDeposit,
  recordFollowUp,
  recordVisit,
  recordActivity,
  requestApproval,
  amendRegistration,
  assign,
  decideRequest,
  release,
  repairClock,
  requestExtension,
  rescindRuling,
  terminate,
  transfer,
  approve,
  askAvailability,
  askPermission,
  exempt,
  grantPermission,
  meetDeadlines,
  recall,
  register,
  rejectRegistration,
  resubmit,
  returnForMore,
] as const;
