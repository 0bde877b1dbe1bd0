import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { AnyOnRegistration } from '#features/dossier/on-registration.js';
import { slices } from '#features/dossier/slices.js';
import type { Role } from '#policy/roles.js';
import type { Target } from './authorization-world.js';

export type Who = 'all' | 'none' | readonly Role[];
export interface Row extends Partial<Record<Target, Who>> {
  readonly away?: Who;
  readonly tells?: boolean;
  readonly records?: Partial<Record<Target, Who>>;
}
export const fieldKinds = ['open', 'parties', 'telephone', 'masked', 'official', 'answer', 'unseen'] as const;
export type FieldKind = (typeof fieldKinds)[number];

/** The slices whose mutation is made of them: each is asked about one registration. */
export const onRegistrations: readonly AnyOnRegistration[] = slices.flatMap((slice) =>
  'about' in slice ? [slice as unknown as AnyOnRegistration] : [],
);
export const mutationOf = ({ name }: { readonly name: string }): string =>
  `Mutation.${name.charAt(0).toLowerCase()}${name.slice(1)}`;

const regime = parse(readFileSync('libs/features/dossier/testing/rehearsal.policy.yaml', 'utf8')) as {
  readonly permissions: readonly {
    readonly may: string | readonly string[];
    readonly roles?: Role | readonly Role[];
  }[];
};
const rolesThatMay = (operation: string): readonly Role[] =>
  regime.permissions
    .filter(({ may }) => [may].flat().includes(operation))
    .flatMap(({ roles }) => (roles === undefined ? [] : [roles].flat()))
    .filter((role) => role !== 'party');

/** A party's own word is for its own claims; an official's for everybody's; nobody rules on their own claim. */
const rowOf = ({ operation, who }: AnyOnRegistration): Row => {
  const officials = rolesThatMay(operation);
  const rival: Who = officials.length === 0 ? 'none' : officials;
  return { own: who === 'party' ? 'all' : who === 'authority' ? 'none' : rival, rival, missing: 'none' };
};
const answers = ['caseId', 'code', 'dossierId', 'position', 'protection', 'registrationId', 'repeated'];

const written = parse(readFileSync('test/security/authorization.yaml', 'utf8')) as {
  readonly operations: Readonly<Record<string, Row>>;
  readonly fields: Readonly<Record<string, FieldKind>>;
};
/** What stands in authorization.yaml, and what follows from the slices. */
export const table: typeof written = {
  operations: {
    ...written.operations,
    ...Object.fromEntries(onRegistrations.map((slice) => [mutationOf(slice), rowOf(slice)])),
  },
  fields: {
    ...Object.fromEntries(
      onRegistrations.flatMap(({ name }) => answers.map((field) => [`${name}Done.${field}`, 'answer' as const])),
    ),
    ...written.fields,
  },
};
