import { z } from 'zod';
import { code, type Reasons } from '#event-sourcing/vocabulary.js';
import { warning, type Clause, type Finding } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { allowed, allowedBecause, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import type { Policy } from '../policy.js';
import type { DeclaredRole, KnownRole } from '../roles.js';
import type { Path } from '../reading.js';
import { appliesTo, classFilter, isEntitled, whoSchema, type Caller, type Relation } from '../whom.js';
import { mayAmend } from './amendments.js';
import { recordable, recordableWork } from './activities.js';
import { mayAssign } from './parts.js';
import { mayRequest } from './requests.js';
import { mayPublish } from './tables.js';
import { cited, codes, oneOrMore, type Messages } from '../words.js';

export const operations = [
  'register',
  'registerForOther',
  'approve',
  'reject',
  'returnForMore',
  'recall',
  'resubmit',
  'requestExtension',
  'decideExtension',
  'recordVisit',
  'recordFollowUp',
  'recordDeposit',
  'recordActivity',
  'recordWork',
  'requestApproval',
  'decideRequest',
  'exempt',
  'release',
  'terminate',
  'transfer',
  'rescindRuling',
  'grantPermission',
  'ask',
  'object',
  'arbitrate',
  'findOffence',
  'recordDeal',
  'agreeSplit',
  'seeOthers',
  'amendRegistration',
  'assign',
  'publishTable',
] as const;
export type Operation = (typeof operations)[number];

/** Who may do what, in which classes. An operation that no item names is nobody's. */
const schema = z
  .array(z.strictObject({ may: oneOrMore(z.enum(operations)), ...whoSchema.shape, ...classFilter, ...cited }))
  .min(1)
  .max(100);

const refusals = {
  OperationNotPermitted: {
    zh: '您无权进行此操作{roles?，可由以下角色办理：}{roles}。',
    en: 'You may not do this{roles?; it is for: }{roles}.',
  },
  FinderNotPermitted: { zh: '此项须由以下角色认定：{roles}。', en: 'This is to be found by: {roles}.' },
} as const satisfies Messages;

export const permissions: Clause<'permissions', typeof schema, typeof refusals, ByOperation> = {
  name: 'permissions',
  schema,
  binds: 'event',
  items: { by: ['may'] },
  says: {
    reason: {
      zh: '权限：{item}{roles?，角色 }{roles}{relations?，身份 }{relations}',
      en: 'Permission: {item}{roles?, roles }{roles}{relations?, as }{relations}',
    },
    refusals,
  },
  needs: () => [{ operation: 'register', path: ['permissions'], zh: '要有人报备', en: 'Somebody must register' }],
  again: ({ e, inputs, reason }, operation) =>
    allowedBecause(
      permits(e, operation as Operation, {
        roles: inputs['roles'] as readonly string[],
        relations: inputs['relations'] as readonly Relation[],
        class: inputs['class'] as string | undefined,
      }),
      reason.clause,
    ),
  // A kind of activity names who records it itself, a request who makes and who decides it.
  compile: (items, document) => {
    const recorders = [
      ...recordable(document).map(({ by, rule }) => ({ may: ['recordActivity' as const], ...by, rule })),
      ...recordableWork(document).map(({ by, rule }) => ({ may: ['recordWork' as const], ...by, rule })),
    ];
    const all: z.output<typeof schema> = [
      ...items,
      ...recorders,
      ...mayRequest(document),
      ...mayAmend(document),
      ...mayAssign(document),
      ...mayPublish(document),
    ];
    return new Map(operations.map((operation) => [operation, all.filter(({ may }) => may.includes(operation))]));
  },
};
type ByOperation = ReadonlyMap<Operation, z.output<typeof schema>>;

/** Roles that a clause names but that `permissions` keeps from the operation: they would be asked and then refused. */
export const rolesThatCannot = (
  document: PolicyDocument,
  operation: Operation,
  roles: readonly string[] | undefined,
  path: Path,
): readonly Finding[] => {
  const items = document.permissions.filter(({ may }) => may.includes(operation));
  if (items.some((item) => item.roles === undefined)) return [];
  const permitted = new Set(items.flatMap((item) => item.roles ?? []));
  return (roles ?? [])
    .filter((role) => !permitted.has(role))
    .map((role) =>
      warning(
        'RoleCannotAct',
        path,
        `“${role}”在此有权，却不可以 ${operation}。`,
        `"${role}" is named here but may not ${operation}.`,
      ),
    );
};

/** As what somebody acts, for the policy's permissions. */
export interface ActingAs {
  readonly roles: readonly string[];
  readonly relations: readonly Relation[];
  /** Of what it is done to; absent: of any class. */
  readonly class?: string | undefined;
}

/**
 * Whether a caller may do an operation: any item that names it and fits is enough. Refused: OperationNotPermitted, with
 * the roles that may.
 */
export const permits = (e: Evaluation, operation: Operation, who: ActingAs): Judgement<Reasons> => {
  const items = (e.policy.compiled.permissions.get(operation) ?? []).filter(
    (item) => who.class === undefined || appliesTo(item, who.class),
  );
  const item = items.find((each) => isEntitled(each, who));
  const clause = `permissions.${operation}`;
  if (item !== undefined)
    return allowed(
      reasonOf(e, clause, item, {
        roles: codes(item.roles ?? []),
        relations: codes(item.relations ?? []),
        class: item.class === undefined || who.class === undefined ? undefined : code(who.class),
      }),
    );
  const rule = items.flatMap((each) => each.rule ?? []);
  return refused({
    reason: 'OperationNotPermitted',
    because: [reasonOf(e, clause, { rule }, { roles: codes(who.roles), relations: codes(who.relations) })],
    accepted: {
      roles: codes([...new Set(items.flatMap(({ roles }) => roles ?? []))]),
      relations: codes([...new Set(items.flatMap(({ relations }) => relations ?? []))]),
    },
  });
};

/** Whether somebody may act in another's name: a desk, or whom the policy lets file for others. */
export const actsForOthers = (e: Evaluation, roles: readonly string[]): boolean =>
  roles.includes('desk') || permits(e, 'registerForOther', { roles, relations: [] }).allowed;

/** Whose work it is that an operation lets somebody do: what a declared role is shown follows from what it does. */
const workOf: Partial<Readonly<Record<Operation, KnownRole>>> = {
  registerForOther: 'desk',
  approve: 'reviewer',
  reject: 'reviewer',
  returnForMore: 'reviewer',
  decideExtension: 'reviewer',
  decideRequest: 'reviewer',
  grantPermission: 'reviewer',
  exempt: 'reviewer',
  terminate: 'reviewer',
  transfer: 'reviewer',
  rescindRuling: 'reviewer',
  findOffence: 'reviewer',
  arbitrate: 'arbiter',
  recordDeal: 'finance',
  agreeSplit: 'finance',
  assign: 'reviewer',
};
/** The roles whose work the policy gives to one that it declares. */
export const worksAs = ({ document }: Policy, role: DeclaredRole): readonly KnownRole[] => [
  ...new Set(
    [...document.permissions, ...mayRequest(document), ...mayAssign(document)]
      .filter(({ roles }) => roles?.includes(role) === true)
      .flatMap(({ may }) => may.flatMap((operation) => workOf[operation] ?? [])),
  ),
];

/** A clause that names its own finders (a cause of termination, an offence): on top of `permits`. */
export const judgeFinder = (
  e: Evaluation,
  clause: string,
  item: { readonly foundBy?: z.output<typeof whoSchema> | undefined; readonly rule?: readonly string[] | undefined },
  who: Caller,
): Judgement<Reasons> => {
  if (item.foundBy === undefined || isEntitled(item.foundBy, who))
    return allowed(reasonOf(e, clause, item, { roles: codes(who.roles) }));
  return refused({
    reason: 'FinderNotPermitted',
    because: [reasonOf(e, clause, item, { roles: codes(who.roles), relations: codes(who.relations) })],
    accepted: { roles: codes(item.foundBy.roles ?? []), relations: codes(item.foundBy.relations ?? []) },
  });
};
