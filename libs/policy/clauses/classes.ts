import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import { code, type Code } from '#event-sourcing/vocabulary.js';
import { neverFires, unsound, type Clause, type Unsound } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { cited, codes, labelSchema, nameSchema, type Messages } from '../words.js';

/** `exclusive`: one protection a kind. `several`: all stand together. `none`: a record, which excludes nobody. */
export const claimings = ['exclusive', 'several', 'none'] as const;
export type Claiming = (typeof claimings)[number];

/**
 * The kinds of registration that the regime tells apart (walk-in, deposit paid, pre-filing…).
 * `filed: false`: nobody files in this class, an upgrade leads to it.
 */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      title: labelSchema,
      claims: z.enum(claimings).default('exclusive').describe('Whether a registration excludes others.'),
      kind: nameSchema
        .optional()
        .describe('Claims exclude each other within one kind only; without it, with all classes that name none.'),
      identity: z
        .literal('own')
        .optional()
        .describe('Each filing is a subject of its own: it has no key, and meets no other.'),
      filed: z.boolean().default(true),
      ...cited,
    }),
  )
  .min(1)
  .max(40);
type Items = z.output<typeof schema>;

const refusals = {
  ClassUnknown: { zh: '没有这个报备类别，可选：{classes}。', en: 'There is no such class; choose from: {classes}.' },
  ClassNotFiled: {
    zh: '此类别不能直接报备，可选：{classes}。',
    en: 'Nobody files in this class; choose from: {classes}.',
  },
} as const satisfies Messages;

export const classes: Clause<'classes', typeof schema, typeof refusals, ByName> = {
  name: 'classes',
  schema,
  items: { by: ['name'] },
  says: { reason: { zh: '报备类别：{item}', en: 'Class: {item}' }, refusals },
  declares: (items) => items.map(({ name, title }) => ({ kind: 'class', name, title, path: ['classes'] })),
  refers: (items, document) => [
    ...(items.some(({ filed }) => filed)
      ? []
      : [unsound('NoClassFiled', ['classes'], '没有任何类别可以报备。', 'No class can be filed.')]),
    ...mixedClaims(items, document),
    ...missingClauses(items, document),
  ],
  lints: (items, { upgrades }) => {
    const reached = new Set((upgrades ?? []).map(({ to }) => to));
    return items.flatMap(({ name, filed }, index) =>
      filed || reached.has(name)
        ? []
        : [
            neverFires(
              ['classes', index],
              `类别“${name}”不能报备，也没有升级通向它。`,
              `The class "${name}" is neither filed nor reached by an upgrade.`,
            ),
          ],
    );
  },
  compile: (items) =>
    new Map(
      items.map(({ name, claims, kind, identity }) => [
        name,
        { claims, ...(kind === undefined ? {} : { kind: code(kind) }), ownSubject: identity === 'own' },
      ]),
    ),
};
type ByName = ReadonlyMap<string, ClassClaims>;

/** What a claim of a class excludes. */
export interface ClassClaims {
  readonly claims: Claiming;
  readonly kind?: Code;
  /** Each filing is its own subject. */
  readonly ownSubject: boolean;
}
export const claimsOf = (e: Evaluation, name: string): ClassClaims =>
  e.policy.compiled.classes.get(name) ?? { claims: 'exclusive', ownSubject: false };

/** One claim has one way of claiming, in every class that an upgrade leads it to, and so have all of its kind. */
const mixedClaims = (items: Items, { upgrades }: PolicyDocument): readonly Unsound[] => {
  const named = new Map(items.map((item) => [item.name, item]));
  const alike = (one: string, other: string): boolean =>
    named.get(one)?.claims === named.get(other)?.claims && named.get(one)?.kind === named.get(other)?.kind;
  const differs = ({ kind, claims }: Items[number]): boolean =>
    claims !== 'none' &&
    items.some((other) => other.kind === kind && other.claims !== 'none' && other.claims !== claims);
  return [
    ...items.flatMap((item, index) =>
      differs(item)
        ? [
            unsound(
              'KindClaimsDiffer',
              ['classes', index, 'claims'],
              `与“${item.name}”同一种类的类别，claims 须相同。`,
              `"${item.name}" and the classes of its kind need the same claims.`,
            ),
          ]
        : [],
    ),
    ...(upgrades ?? []).flatMap(({ from, to }, index) =>
      alike(from, to)
        ? []
        : [
            unsound(
              'UpgradeChangesClaim',
              ['upgrades', index],
              `“${from}”与“${to}”的 claims 和 kind 须相同。`,
              `An upgrade changes no claim: "${from}" and "${to}" need the same claims and kind.`,
            ),
          ],
    ),
  ];
};

/** A record needs neither key nor collision; whatever somebody may do needs the clause that answers it. */
const missingClauses = (items: Items, document: PolicyDocument): readonly Unsound[] => {
  const may = new Set<string>(document.permissions.flatMap(({ may: operations }) => operations));
  const wanted = [
    {
      clause: 'identity',
      code: 'ClassWithoutKey',
      by: items.filter(({ filed, identity }) => filed && identity !== 'own').map(({ name }) => name),
    },
    {
      clause: 'collision',
      code: 'CollisionMissing',
      by: items.filter(({ claims }) => claims !== 'none').map(({ name }) => name),
    },
    {
      clause: 'attribution',
      code: 'AttributionMissing',
      by: ['recordDeal', 'agreeSplit'].filter((each) => may.has(each)),
    },
    { clause: 'visibility', code: 'VisibilityMissing', by: ['ask'].filter((each) => may.has(each)) },
  ] as const;
  return wanted.flatMap(({ clause, code: problem, by }) =>
    by.length === 0 || document[clause] !== undefined
      ? []
      : [
          unsound(
            problem,
            [clause],
            `${by.join('、')} 需要 ${clause}，但制度没有写。`,
            `${by.join(', ')} needs ${clause}, which the policy leaves out.`,
          ),
        ],
  );
};

/** The classes that somebody files in, in the document's order. */
export const filedClasses = (items: z.output<typeof schema>): readonly string[] =>
  items.filter(({ filed }) => filed).map(({ name }) => name);

/** A class that the policy does not have: nobody can say which fields its form has. */
export const unknownClass = (e: Evaluation, name: string): Rejection | undefined =>
  e.policy.document.classes.some((known) => known.name === name)
    ? undefined
    : {
        reason: 'ClassUnknown',
        field: 'class',
        because: [reasonOf(e, 'classes', undefined)],
        accepted: { classes: codes(filedClasses(e.policy.document.classes)) },
      };
