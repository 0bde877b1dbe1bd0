import type { BindingMoment, Clause } from './clause.js';
import { clauses, type ClauseName } from './clauses.js';
import { labelsOf } from './coverage.js';
import type { PolicyDocument } from './document.js';
import { names } from './names.js';
import { formatYuan, isFen } from '#money/fen.js';
import type { Policy } from './policy.js';
import { givenTo } from './references.js';
import type { Label } from './words.js';

/** One thing that a later version of a policy says otherwise, in the order of the clauses. */
export interface Difference {
  /** `protection`, or `head` for what stands above the clauses. */
  readonly clause: ClauseName | 'head';
  /** What coverage and reasons call the item: `protection.walkIn`. */
  readonly label: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Of a changed item: its fields with what stood and what stands, as text; absent where there is nothing. */
  readonly fields: readonly FieldDifference[];
  /** From when it holds: for what is filed from the date on, or for whatever happens from the date on. */
  readonly binds: BindingMoment;
  /** The rules of the paper that the item names, in either version. */
  readonly rules: readonly string[];
  readonly text: Label;
}
export interface FieldDifference {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** What a person calls each clause. */
const clauseTitles: Readonly<Record<ClauseName, Label>> = {
  subject: { zh: '报备对象', en: 'Subject' },
  classes: { zh: '类别', en: 'Classes' },
  identity: { zh: '身份识别', en: 'Identity' },
  permissions: { zh: '权限', en: 'Permissions' },
  fourEyes: { zh: '经办与复核分离', en: 'Four eyes' },
  form: { zh: '报备表', en: 'Form' },
  intake: { zh: '受理', en: 'Intake' },
  filingPermission: { zh: '报备许可', en: 'Filing permission' },
  review: { zh: '审核', en: 'Review' },
  parts: { zh: '分工', en: 'Parts' },
  activities: { zh: '跟进事项', en: 'Activities' },
  stages: { zh: '阶段', en: 'Stages' },
  duties: { zh: '应尽事项', en: 'Duties' },
  periodicDuties: { zh: '定期应尽事项', en: 'Duties by period' },
  requests: { zh: '申请', en: 'Requests' },
  amendments: { zh: '更改', en: 'Amendments' },
  tables: { zh: '表', en: 'Tables' },
  gates: { zh: '前提', en: 'Gates' },
  protection: { zh: '保护期', en: 'Protection' },
  upgrades: { zh: '升级', en: 'Upgrades' },
  extension: { zh: '延期', en: 'Extension' },
  ends: { zh: '终止', en: 'Ends' },
  bans: { zh: '禁报', en: 'Bans' },
  collision: { zh: '撞单', en: 'Collision' },
  suspension: { zh: '中止计时', en: 'Suspension' },
  objections: { zh: '异议', en: 'Objections' },
  measures: { zh: '措施', en: 'Measures' },
  offences: { zh: '违规处罚', en: 'Offences' },
  attribution: { zh: '业绩归属', en: 'Attribution' },
  commission: { zh: '佣金', en: 'Commission' },
  visibility: { zh: '可见范围', en: 'Visibility' },
  lists: { zh: '列表', en: 'Lists' },
  statistics: { zh: '统计', en: 'Statistics' },
  notices: { zh: '通知', en: 'Notices' },
};

type Compared = Pick<Policy, 'document' | 'titles'>;

/**
 * What `after` says otherwise than `before`, item by item, from when each holds, with a sentence that a notice to those
 * concerned can carry. Order of keys, comments and layout are no difference; two texts without any have none.
 */
export const policyDifference = (before: Compared, after: Compared): readonly Difference[] => [
  ...headDifferences(before.document, after.document),
  ...clauses.flatMap((clause: Clause) => clauseDifferences(clause, before, after)),
];

const headDifferences = (before: PolicyDocument, after: PolicyDocument): readonly Difference[] =>
  (['title', 'timeZone', 'calendar', 'authority', 'rules', 'roles', 'meanings', 'bindings', 'unenforced'] as const)
    .filter((key) => !same(before[key], after[key]))
    .map((key) => told({ clause: 'head', label: key, binds: 'event' }, { zh: key, en: key }, before[key], after[key]));

const clauseDifferences = (clause: Clause, before: Compared, after: Compared): readonly Difference[] => {
  const name = clause.name as ClauseName;
  const was = itemsOf(clause, before);
  const is = itemsOf(clause, after);
  const pairs: { readonly label: string; readonly was?: unknown; readonly is?: unknown }[] = [];
  // What stands unchanged anywhere in the list is no change; of the rest, those of one name belong together in order.
  const [stood, stands] = [new Set(was.map(asSaid)), new Set(is.map(asSaid))];
  const gone = was.filter((item) => !stands.has(asSaid(item)));
  const come = is.filter((item) => !stood.has(asSaid(item)));
  for (const item of gone) {
    const other = come.findIndex(({ label }) => label === item.label);
    const [heir] = other === -1 ? [] : come.splice(other, 1);
    pairs.push({ label: item.label, was: item.value, ...(heir === undefined ? {} : { is: heir.value }) });
  }
  pairs.push(...come.map(({ label, value }) => ({ label, is: value })));
  return pairs.map((pair) =>
    told(
      { clause: name, label: pair.label, binds: clause.binds ?? 'event' },
      titleOf(name, pair.label, after, before),
      pair.was,
      pair.is,
    ),
  );
};

interface Item {
  readonly label: string;
  readonly value: unknown;
}
const asSaid = ({ label, value }: Item): string => `${label} ${stable(value)}`;

/** The items that a clause lists; a clause that is one thing is one item, and lists that only hold items are looked into. */
const itemsOf = (clause: Clause, { document }: Compared): readonly Item[] => {
  const { by = [], through = [] } = clause.items ?? {};
  const given: unknown = givenTo(clause, document);
  const items = (value: unknown, label: string): readonly Item[] => {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value))
      return value.flatMap((item: unknown) =>
        labelsOf(item, by).flatMap((called) => {
          const own = called === '' ? label : `${label}.${called}`;
          return holds(item, through) ? items(item, own) : [{ label: own, value: item }];
        }),
      );
    if (typeof value !== 'object') return [{ label, value }];
    const { one, lists } = divided(value, through);
    return [
      ...(Object.keys(one).length === 0 ? [] : [{ label, value: one }]),
      ...lists.flatMap(([, inner]) => items(inner, label)),
    ];
  };
  return items(given, clause.name);
};
const holds = (item: unknown, through: readonly string[]): boolean =>
  typeof item === 'object' && item !== null && through.some((key) => Array.isArray((item as Fields)[key]));
type Fields = Readonly<Record<string, unknown>>;
const divided = (value: object, through: readonly string[]): { readonly one: Fields; readonly lists: Entries } => {
  const entries: Entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const isList = ([key, inner]: Entries[number]): boolean => through.includes(key) && Array.isArray(inner);
  return { one: Object.fromEntries(entries.filter((entry) => !isList(entry))), lists: entries.filter(isList) };
};
type Entries = readonly (readonly [string, unknown])[];

const titleOf = (clause: ClauseName, label: string, ...policies: readonly Compared[]): Label => {
  const title = clauseTitles[clause];
  const item = label.split('.').slice(1);
  if (item.length === 0) return title;
  const called = (language: 'zh' | 'en'): string =>
    item
      .map(
        (name) =>
          policies.flatMap(({ titles }) => titles.get(name) ?? [])[0]?.title[language] ??
          names[name]?.[language] ??
          name,
      )
      .join(' ');
  return { zh: `${title.zh}·${called('zh')}`, en: `${title.en}, ${called('en')}` };
};

const told = (
  what: Pick<Difference, 'clause' | 'label' | 'binds'>,
  title: Label,
  was: unknown,
  is: unknown,
): Difference => {
  const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
  const fields = change === 'changed' ? fieldDifferences(was, is) : [];
  const from =
    what.binds === 'filing'
      ? { zh: '；此前的报备不变', en: '; what was filed before keeps its own' }
      : { zh: '', en: '' };
  return {
    ...what,
    change,
    fields,
    rules: [...new Set([...rulesIn(was), ...rulesIn(is)])],
    text: {
      zh: `${title.zh}：${sentence(change, fields, 'zh')}${from.zh}。`,
      en: `${title.en}: ${sentence(change, fields, 'en')}${from.en}.`,
    },
  };
};

const sentence = (change: Difference['change'], fields: readonly FieldDifference[], language: 'zh' | 'en'): string => {
  if (change === 'added') return language === 'zh' ? '新增' : 'new';
  if (change === 'removed') return language === 'zh' ? '取消' : 'no longer';
  return fields
    .map(({ path, before, after }) => {
      const where = path === '' ? '' : `${path} `;
      if (before === undefined) return language === 'zh' ? `${where}新增 ${after!}` : `${where}is now ${after!}`;
      if (after === undefined)
        return language === 'zh' ? `${where}取消（原为 ${before}）` : `${where}is gone (it was ${before})`;
      return language === 'zh' ? `${where}由 ${before} 改为 ${after}` : `${where}was ${before} and is ${after}`;
    })
    .join(language === 'zh' ? '，' : ', ');
};

/** Leaf by leaf. A list of plain values is one leaf, because its order and its members are one thing to a reader. */
const fieldDifferences = (was: unknown, is: unknown, path = '', key = ''): readonly FieldDifference[] => {
  if (same(was, is)) return [];
  if (isRows(was) && isRows(is) && was.length === is.length)
    return was.flatMap((row, index) => fieldDifferences(row, is[index], `${path}.${index + 1}`, key));
  if (!isFields(was) || !isFields(is))
    return [
      {
        path,
        ...(was === undefined ? {} : { before: asText(was, key) }),
        ...(is === undefined ? {} : { after: asText(is, key) }),
      },
    ];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((step) =>
    fieldDifferences(was[step], is[step], path === '' ? step : `${path}.${step}`, step),
  );
};
/** As many things as before, each with parts of its own: told one by one, counted from 1. */
const isRows = (value: unknown): value is readonly Fields[] => Array.isArray(value) && value.every(isFields);
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Keys whose text is an amount in fen; what a range goes from and to is one only when it is written so. */
const moneyKeys = new Set(['fine', 'compensation', 'perDeal', 'bonus', 'from', 'to']);
const asText = (value: unknown, key: string): string => {
  if (typeof value === 'string') return moneyKeys.has(key) && isFen(value) ? formatYuan(value, 'en') : value;
  return Array.isArray(value) && value.every(isPlain) ? value.join(', ') : stable(value);
};
const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

const rulesIn = (item: unknown): readonly string[] =>
  Array.isArray(item)
    ? item.flatMap(rulesIn)
    : isFields(item)
      ? Object.entries(item).flatMap(([key, inner]) =>
          key === 'rule' && Array.isArray(inner) ? (inner as readonly string[]) : rulesIn(inner),
        )
      : [];

const same = (one: unknown, other: unknown): boolean => stable(one) === stable(other);
/** Keys in one order, what is absent left out: two objects that say the same are the same text. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    isFields(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, each]) => each !== undefined)
            .toSorted(([a], [b]) => (a < b ? -1 : 1)),
        )
      : typeof inner === 'bigint'
        ? String(inner)
        : inner,
  ) ?? '';
