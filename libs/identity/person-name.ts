import { characters, folded, mixesScripts, onlyLookAlikes, untilStable } from './script.js';

export type Sex = 'female' | 'male';
export interface Title {
  readonly text: string;
  readonly sex?: Sex;
}
export type PersonNameProblem =
  'empty' | 'titleOnly' | 'surnameAndTitle' | 'nickname' | 'tooShort' | 'notAName' | 'mixedScripts' | 'lookAlikes';
export type PersonName =
  | { readonly ok: true; readonly key: string; readonly title?: Title }
  /** R29.17: 王先生 names nobody. `key` (here the surname) finds candidates and decides nothing. */
  | { readonly ok: false; readonly why: PersonNameProblem; readonly key?: string; readonly title?: Title };

const titles: readonly Title[] = [
  { text: '先生', sex: 'male' },
  { text: '女士', sex: 'female' },
  { text: '小姐', sex: 'female' },
  { text: '太太', sex: 'female' },
  { text: '夫人', sex: 'female' },
  { text: '阿姨', sex: 'female' },
  { text: '大姐', sex: 'female' },
  { text: '大哥', sex: 'male' },
  { text: '老师' },
  { text: '师傅' },
  { text: '总经理' },
  { text: '董事长' },
  { text: '经理' },
  { text: '老板' },
  { text: '总监' },
  { text: '主任' },
  { text: '医生' },
  { text: '同志' },
];
/** One character: a title only when nothing but a surname stands before it (王总), because it may end a given name. */
const shortTitles: readonly Title[] = [
  { text: '总' },
  { text: '工' },
  { text: '哥', sex: 'male' },
  { text: '姐', sex: 'female' },
];
const latinTitles = new Map<string, Title>([
  ['mr', { text: 'mr', sex: 'male' }],
  ['mrs', { text: 'mrs', sex: 'female' }],
  ['ms', { text: 'ms', sex: 'female' }],
  ['miss', { text: 'miss', sex: 'female' }],
  ['dr', { text: 'dr' }],
  ['madam', { text: 'madam', sex: 'female' }],
  ['prof', { text: 'prof' }],
]);
const compoundSurnames = new Set([
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '司徒',
  '东方',
  '独孤',
  '南宫',
  '夏侯',
  '尉迟',
  '皇甫',
  '公孙',
  '慕容',
  '令狐',
  '长孙',
  '宇文',
  '轩辕',
  '端木',
  '西门',
  '公冶',
  '澹台',
  '闻人',
  '赫连',
  '钟离',
  '申屠',
  '太史',
  '百里',
  '呼延',
  '东郭',
  '南门',
  '拓跋',
  '万俟',
  '濮阳',
  '淳于',
  '单于',
  '公羊',
  '仲孙',
  '完颜',
  '第五',
]);

/**
 * One key for all spellings of a person's name: width, case, 繁/简, spaces, middle dots. A title is taken off and
 * reported, with the sex it tells (R29.17 compares it), whatever the alphabet of the name beside it (Wang先生).
 * Latin names keep one space between words; their order is not guessed.
 */
export const normalisePersonName = (text: string): PersonName => {
  const plain = spaced(text).replace(/^([a-z]+)(?=\p{Script=Han})/u, (word) =>
    latinTitles.has(word) ? `${word} ` : word,
  );
  if (plain === '') return { ok: false, why: 'empty' };
  const words = plain.split(' ');
  const before = words.map((word) => latinTitles.get(word)).find((found) => found !== undefined);
  const { name, title } = untitled(words.filter((word) => !latinTitles.has(word)).join(' '), before);
  if (name === '') return { ok: false, why: 'titleOnly', ...(title === undefined ? {} : { title }) };
  return /\p{Script=Han}/u.test(name) ? hanName(joined(name), title) : latinName(name, title);
};

/** Punctuation becomes a space; hyphens and apostrophes belong to Latin names. */
const spaced = untilStable((text) =>
  folded(text)
    .replace(/[\p{P}\p{S}]+/gu, (mark) => (/^[-'’]$/.test(mark) ? mark : ' '))
    .replace(/\s+/g, ' ')
    .trim(),
);
const joined = untilStable((text) => spaced(text).replaceAll(' ', ''));

/** Takes Chinese titles off the end, of a Chinese name and of a Latin one, whose words stay words. */
const untitled = (written: string, before: Title | undefined): { readonly name: string; readonly title?: Title } => {
  let name = written.replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
  let title = before;
  for (let found = titleOf(name); found !== undefined; found = titleOf(name)) {
    name = spaced(name.slice(0, -found.text.length));
    title = found;
  }
  return title === undefined ? { name } : { name, title };
};

const titleOf = (written: string): Title | undefined =>
  titles.find(({ text }) => written.endsWith(text)) ??
  shortTitles.find(({ text }) => written.endsWith(text) && isSurnameOrLatin(joined(written.slice(0, -1))));
const isSurnameOrLatin = (name: string): boolean =>
  /^\p{Script=Han}$/u.test(name) ||
  compoundSurnames.has(name) ||
  /^\p{Script=Latin}[\p{Script=Latin}\p{M}'’-]*$/u.test(name);

/** 小王, 老李, 阿强: what friends say, and hundreds are called so. */
const NICKNAME = /^[小老大阿]\p{Script=Han}$/u;
/** 王某, 李某某, 张XX: somebody whose name is not told. */
const WITHHELD = /^\p{Script=Han}{1,2}(?:某{1,2}|x{1,3})$/u;

const hanName = (key: string, title: Title | undefined): PersonName => {
  const seen = title === undefined ? {} : { title };
  if (/\p{N}/u.test(key) || WITHHELD.test(key)) return { ok: false, why: 'notAName', key, ...seen };
  if (mixesScripts(key)) return { ok: false, why: 'mixedScripts', key, ...seen };
  if (onlyLookAlikes(key)) return { ok: false, why: 'lookAlikes', key, ...seen };
  if (title !== undefined && (characters(key) === 1 || compoundSurnames.has(key)))
    return { ok: false, why: 'surnameAndTitle', key, title };
  if (NICKNAME.test(key)) return { ok: false, why: 'nickname', key, ...seen };
  return characters(key) < 2 ? { ok: false, why: 'tooShort', key } : { ok: true, key, ...seen };
};

/** One letter is a name that people have (O, a family name of Korea); a surname with a title tells nobody. */
const latinName = (key: string, title: Title | undefined): PersonName => {
  const seen = title === undefined ? {} : { title };
  if (/\p{N}/u.test(key) || !/\p{L}/u.test(key)) return { ok: false, why: 'notAName', key, ...seen };
  if (mixesScripts(key)) return { ok: false, why: 'mixedScripts', key, ...seen };
  if (onlyLookAlikes(key)) return { ok: false, why: 'lookAlikes', key, ...seen };
  return title !== undefined && !key.includes(' ')
    ? { ok: false, why: 'surnameAndTitle', key, title }
    : { ok: true, key, ...seen };
};

/**
 * The surname of a normalised Chinese name (R29.23 compares it); undefined for other names, whose order nobody knows.
 */
export const surnameOf = (key: string): string | undefined => {
  if (!/^\p{Script=Han}+$/u.test(key)) return undefined;
  const [first = '', second = ''] = key;
  return compoundSurnames.has(first + second) && characters(key) > 2 ? first + second : first;
};

/** What others may see of a name: 王芳 → 王*, 欧阳娜娜 → 欧阳**, John Smith → J*** S***. */
export const maskName = (name: string): string => {
  const plain = name
    .normalize('NFKC')
    .trim()
    .replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '');
  const surname = surnameOf(plain);
  if (surname === undefined)
    return plain
      .split(/\s+/)
      .map((word) => `${[...word][0] ?? ''}***`)
      .join(' ');
  return characters(plain) < 2 ? '*' : surname + '*'.repeat(characters(plain) - characters(surname));
};
