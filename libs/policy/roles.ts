/** Roles that every installation has. A document may name more under `roles`. */
export const knownRoles = [
  'party',
  'desk',
  'reviewer',
  'administrator',
  'arbiter',
  'auditor',
  'finance',
  'policyOwner',
] as const;
export type Role = (typeof knownRoles)[number];
