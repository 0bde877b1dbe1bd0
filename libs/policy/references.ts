import { isTimeZone } from '#time/instant.js';
import { unsound, type Clause, type Declared, type Unsound } from './clause.js';
import { clauses, type ClauseName } from './clauses.js';
import { noticeParties } from './clauses/notices.js';
import { recordedActs } from './clauses/activities.js';
import { gatedOperations } from './clauses/gates.js';
import { clockEvents } from './clauses/protection.js';
import { relations } from './whom.js';
import { conditionsOver, type Conditions, type VariableType } from './condition.js';
import type { FactNames, Reach } from './facts.js';
import { documentSchema, type PolicyDocument } from './document.js';
import { meaningProblems } from './meanings.js';
import { isCondition, namedIn, type ConditionKind, type Named, type NameKind, type TitleKind } from './naming.js';
import { knownRoles, partyKinds } from './roles.js';
import type { Path } from './reading.js';
import { duplicates, type Label } from './words.js';

export interface Checked {
  readonly problems: readonly Unsound[];
  readonly conditions: Conditions;
}

/** Everything that the shape alone does not show. A document without problems can be evaluated without a surprise. */
export const checkReferences = (document: PolicyDocument): Checked => {
  const named = namedIn(documentSchema, document, []);
  const conditions = conditionsOver(variablesOf(document), factNames(document));
  return {
    conditions,
    problems: [
      ...(isTimeZone(document.timeZone)
        ? []
        : [unsound('TimeZoneUnknown', ['timeZone'], '没有这个时区。', 'No such time zone.')]),
      ...unknownNames(document, named),
      ...clauses.flatMap((clause) => problemsOf(clause, document)),
      ...meaningProblems(document),
      ...uncounted(document),
      ...twice(document),
      ...invalidConditions(named, conditions),
    ],
  };
};

const problemsOf = (clause: Clause, document: PolicyDocument): readonly Unsound[] => {
  const given = givenTo(clause, document);
  return given === undefined ? [] : (clause.refers?.(given, document) ?? []);
};
/** What a document says under a clause; undefined where it leaves the clause out. */
export const givenTo = ({ name }: Clause, document: PolicyDocument): object | undefined => document[name as ClauseName];

/** Every name that the document gives to something, clause by clause. */
export const declaredIn = (document: PolicyDocument): readonly Declared[] =>
  clauses.flatMap((clause: Clause) => {
    const given = givenTo(clause, document);
    return given === undefined ? [] : (clause.declares?.(given) ?? []);
  });

/** How a name that nothing declares is refused. */
const unknown: Readonly<Record<NameKind, (name: string) => { readonly code: string } & Label>> = {
  class: (name) => ({ code: 'ClassUnknown', zh: `未定义的类别“${name}”。`, en: `The class "${name}" is not defined.` }),
  role: (name) => ({
    code: 'RoleUnknown',
    zh: `未定义的角色“${name}”：请列入 roles。`,
    en: `The role "${name}" is not defined: list it under roles.`,
  }),
  addressee: (name) => unknown.role(name),
  field: (name) => ({ code: 'FieldUnknown', zh: `没有字段“${name}”。`, en: `No form has the field "${name}".` }),
  cause: (name) => ({
    code: 'CauseUnknown',
    zh: `ends 中没有终止原因“${name}”。`,
    en: `No cause "${name}" under ends.`,
  }),
  activity: (name) => ({
    code: 'ActivityUnknown',
    zh: `activities 中没有“${name}”。`,
    en: `No activity "${name}" under activities.`,
  }),
  clockEvent: (name) => ({
    code: 'EventUnknown',
    zh: `没有事件“${name}”：可用 ${clockEvents.join('、')}，或 activities 中的名称。`,
    en: `No event "${name}": use ${clockEvents.join(', ')}, or a name under activities.`,
  }),
  recorded: (name) => ({
    code: 'ActivityUnknown',
    zh: `没有“${name}”可记录：可用 ${recordedActs.join('、')}，或 activities、stages 中的名称。`,
    en: `Nothing called "${name}" is recorded: use ${recordedActs.join(', ')}, or a name under activities or stages.`,
  }),
  act: (name) => ({
    code: 'ActUnknown',
    zh: `没有操作“${name}”：可用 ${gatedOperations.join('、')}，或 activities、stages、requests 中的名称。`,
    en: `No act "${name}": use ${gatedOperations.join(', ')}, or a name under activities, stages or requests.`,
  }),
  relation: (name) => ({
    code: 'RelationUnknown',
    zh: `没有身份“${name}”：可用 ${relations.join('、')}，或 parts 中的名称。`,
    en: `No relation "${name}": use ${relations.join(', ')}, or a name under parts.`,
  }),
  dutyOf: (name) => ({
    code: 'RelationUnknown',
    zh: `没有责任人“${name}”：可用 holder、filer，或 parts 中的名称。`,
    en: `Nobody is called "${name}": use holder, filer, or a name under parts.`,
  }),
  dutyDone: (name) => ({
    code: 'ActivityUnknown',
    zh: `没有“${name}”可办：可用 ${recordedActs.join('、')}，或 activities、stages、parts 中的名称。`,
    en: `Nothing called "${name}" is done: use ${recordedActs.join(', ')}, or a name under activities, stages or parts.`,
  }),
  dutyBegin: (name) => ({
    code: 'EventUnknown',
    zh: `没有事件“${name}”：可用 ${clockEvents.join('、')}，或 activities、parts 中的名称。`,
    en: `No event "${name}": use ${clockEvents.join(', ')}, or a name under activities or parts.`,
  }),
  measure: (name) => ({
    code: 'MeasureUnknown',
    zh: `measures 中没有“${name}”。`,
    en: `No measure "${name}" under measures.`,
  }),
};

const unknownNames = (document: PolicyDocument, named: readonly Named[]): readonly Unsound[] => {
  const declared = declaredIn(document);
  const of = (kind: TitleKind | NameKind): readonly string[] =>
    declared.flatMap((each) => (each.kind === kind ? [each.name] : []));
  const roles = [...knownRoles, ...(document.roles ?? [])];
  const known: Readonly<Record<NameKind, ReadonlySet<string>>> = {
    class: new Set(of('class')),
    role: new Set(roles),
    addressee: new Set([...roles, ...noticeParties]),
    field: new Set(of('field')),
    cause: new Set(of('cause')),
    measure: new Set(of('measure')),
    activity: new Set(of('activity')),
    clockEvent: new Set([...clockEvents, ...of('activity')]),
    recorded: new Set<string>([...recordedActs, ...of('activity'), ...of('ladder')]),
    act: new Set<string>([...gatedOperations, ...of('activity'), ...of('ladder'), ...of('request')]),
    relation: new Set([...relations, ...of('part')]),
    dutyOf: new Set(['holder', 'filer', ...of('part')]),
    dutyDone: new Set<string>([...recordedActs, ...of('activity'), ...of('ladder'), ...of('part')]),
    dutyBegin: new Set([...clockEvents, ...of('activity'), ...of('part')]),
  };
  return named.flatMap(({ kind, name, path }): Unsound[] => {
    if (isCondition(kind) || known[kind].has(name)) return [];
    const { code, zh, en } = unknown[kind](name);
    return [unsound(code, path, zh, en)];
  });
};

const uncounted = (document: PolicyDocument): readonly Unsound[] =>
  document.calendar === undefined
    ? workingDaysIn(document, [])
        .slice(0, 5)
        .map((path) => unsound('CalendarMissing', path, '使用工作日须写明 calendar。', 'Working days need a calendar.'))
    : [];

/** Where the document counts working days. */
export const workingDaysIn = (value: unknown, path: Path): Path[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return key === 'workingDays' ||
      (key === 'rollToWorkingDay' && inner === true) ||
      (key === 'each' && inner === 'workingDay')
      ? [here]
      : workingDaysIn(inner, here);
  });
};

/** One list, one name: what is said of it would be said of two things. */
const twice = (document: PolicyDocument): readonly Unsound[] => {
  const lists = new Map<string, { readonly path: Path; readonly names: string[] }>();
  for (const { name, path, repeats } of declaredIn(document)) {
    if (repeats) continue;
    const list = lists.get(path.join('.')) ?? { path, names: [] };
    lists.set(path.join('.'), list);
    list.names.push(name);
  }
  return [...lists.values()].flatMap(({ path, names }) =>
    duplicates(names).map((name) => unsound('NameTwice', path, `“${name}”写了两次。`, `"${name}" stands twice.`)),
  );
};

/** What facts may be asked of: acts that somebody records, ladders, classes, flags, roles, kinds of party. */
const factNames = (document: PolicyDocument): FactNames => {
  const declared = declaredIn(document);
  const of = (kind: TitleKind): readonly string[] =>
    declared.flatMap((each) => (each.kind === kind ? [each.name] : []));
  return {
    activity: new Set([...recordedActs, ...of('activity')]),
    ladder: new Set(of('ladder')),
    class: new Set(of('class')),
    flag: new Set(of('flag')),
    role: new Set([...knownRoles, ...(document.roles ?? [])]),
    partyKind: new Set(partyKinds),
    request: new Set(of('request')),
    table: new Set(of('table')),
  };
};

const variablesOf = (document: PolicyDocument): ReadonlyMap<string, VariableType> =>
  new Map(
    [...(document.activities ?? []), ...(document.requests ?? []), ...document.form].flatMap(({ fields }) =>
      fields.map(({ name, type }): [string, VariableType] => [
        name,
        type === 'number' || type === 'money' || type === 'flag' ? type : 'string',
      ]),
    ),
  );

const reaches: Readonly<Record<ConditionKind, readonly Reach[]>> = {
  condition: [],
  dossierCondition: ['dossier'],
  partyCondition: ['party', 'table'],
  factCondition: ['dossier', 'act', 'party', 'table'],
};
const invalidConditions = (named: readonly Named[], conditions: Conditions): readonly Unsound[] =>
  named.flatMap(({ kind, name, path }): Unsound[] => {
    const problem = isCondition(kind) ? conditions.compile(name, reaches[kind]) : undefined;
    return problem === undefined ? [] : [unsound('ConditionInvalid', path, problem.zh, problem.en)];
  });
