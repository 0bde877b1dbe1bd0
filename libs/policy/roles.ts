import type { Code } from '#event-sourcing/vocabulary.js';

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
/** What sort of party somebody is enrolled as. */
export const partyKinds = [
  'person',
  'team',
  'outlet',
  'distributor',
  'dealer',
  'agent',
  'designer',
  'application',
] as const;
export type PartyKind = (typeof partyKinds)[number];
export type KnownRole = (typeof knownRoles)[number];
/** One that a policy names under `roles`; it means something in a program of that policy alone. */
export type DeclaredRole = Code;
export type Role = KnownRole | DeclaredRole;
export const isKnownRole = (role: string): role is KnownRole => (knownRoles as readonly string[]).includes(role);
