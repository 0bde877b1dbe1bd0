import { changeMembership } from './change-membership/change-membership.js';
import { enrolParty } from './enrol-party/enrol-party.js';
import { grantRole } from './grant-role/grant-role.js';
import { revokeRole } from './revoke-role/revoke-role.js';

/** Everything that somebody may do here; its bus command and its handler follow from it. */
export const slices = [changeMembership, enrolParty, grantRole, revokeRole] as const;
