import * as fc from 'fast-check';
import { normaliseCompanyName } from './company-name.js';
import { maskName, normalisePersonName, surnameOf } from './person-name.js';
import { normaliseAddress, normaliseProject } from './place.js';
import { folded } from './script.js';

const keyOf = (result: { readonly ok: boolean; readonly key?: string }): string => result.key ?? '';
const person = (text: string): string => keyOf(normalisePersonName(text));
const company = (text: string): string => keyOf(normaliseCompanyName(text));
const project = (text: string): string => keyOf(normaliseProject(text));
const address = (text: string): string => keyOf(normaliseAddress(text));
/** Texts made of what hurts: legal forms, titles, brackets, widths, both scripts, look-alikes, marks. */
const texts = () =>
  fc.oneof(
    fc
      .array(
        fc.constantFrom(
          '重庆',
          '重慶',
          '兆度',
          '順達',
          '物流',
          '有限公司',
          '股份',
          '公司',
          '责任',
          '責任',
          '集团',
          'Co',
          '.',
          ', ',
          'Ltd',
          'L.L.C.',
          'inc',
          'c',
          'o',
          ' ',
          '　',
          '（',
          '）',
          '(',
          ')',
          '&',
          '一',
          '十',
          '二',
          'Ⅱ',
          'I',
          '期',
          '项目',
          '中国',
          '3',
          '-',
          '－',
          '王',
          '芳',
          '先生',
          '女士',
          '总',
          '·',
          'Mr. ',
          'é',
          'e\u0301',
          'İ',
          'ß',
          'ﬁ',
          'а',
          'Α',
          '#',
          '\u200b',
          '\ufe0f',
          '㈱',
          '㎡',
          '½',
          '，',
          '乾',
          '後',
          '锺',
        ),
        { maxLength: 10 },
      )
      .map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );

describe('every key', () => {
  it.each([
    ['person', person],
    ['company', company],
    ['project', project],
    ['address', address],
    ['fold', folded],
  ])('%s: read again, it stays itself', (_, normalise) => {
    fc.assert(
      fc.property(texts(), (text) => expect(normalise(normalise(text))).toBe(normalise(text))),
      { numRuns: 2_000 },
    );
  });
  it.each([
    ['person', normalisePersonName],
    ['company', normaliseCompanyName],
    ['project', normaliseProject],
    ['address', normaliseAddress],
  ])('%s: a strong key is never empty', (_, normalise) => {
    fc.assert(
      fc.property(texts(), (text) => {
        const result: { readonly ok: boolean; readonly key?: string } = normalise(text);
        expect(result.ok ? keyOf(result).length : 1).toBeGreaterThan(0);
      }),
      { numRuns: 1_000 },
    );
  });
  it('width, case and typesetting change nothing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z]{3,12}$/), (word) => {
        const wide = word.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
        for (const normalise of [person, company, project, address])
          expect(normalise(`\u2060${wide.toUpperCase()} `)).toBe(normalise(word));
      }),
    );
  });
});

describe('a company', () => {
  it.each([
    [
      '重庆兆度销售工程有限公司',
      [
        '重慶兆度銷售工程有限公司',
        '重庆兆度销售工程 有限责任公司',
        '重庆兆度销售工程股份有限公司',
        '重庆兆度销售工程',
        '“重庆兆度”销售工程公司',
        '重庆兆度销售工程Co., Ltd.',
      ],
    ],
    [
      '兆度（重庆）销售有限公司',
      ['兆度(重庆)销售有限公司', '兆度〔重慶〕销售有限公司', '兆度【重庆】销售有限公司', '兆度重庆销售有限公司'],
    ],
    [
      'Shunda Logistics Co., Ltd.',
      [
        'SHUNDA LOGISTICS CO.,LTD',
        'Shunda Logistics Company Limited',
        'ｓｈｕｎｄａ　ｌｏｇｉｓｔｉｃｓ',
        'Shunda-Logistics LLC',
        'Shunda Logistics L.L.C.',
        'Shunda Logistics.INC',
        'Shunda Logistics Co.Ltd',
        'Shunda Logistics. Inc.',
      ],
    ],
    ['X Inc.', ['X.INC', 'x,inc', 'X-Inc', 'X. Inc', 'X公司', 'X.有限公司']],
    [
      '示例有限公司',
      [
        '示例有限 公司',
        '示 例 有 限 公 司',
        '示例 有限责任　公司',
        '示例·有限-公司',
        '示例股份 有限 公司',
        '示例Co.Ltd',
      ],
    ],
    ['A.B. Trading', ['AB Trading', 'A. B. Trading Ltd.']],
  ])('%s has one key', (name, spellings) => {
    expect(normaliseCompanyName(name).ok).toBe(true);
    for (const spelling of spellings) expect(normaliseCompanyName(spelling)).toEqual(normaliseCompanyName(name));
  });
  it.each([
    ['兆度（重庆）有限公司', '兆度（成都）有限公司'],
    ['顺达集团有限公司', '顺达有限公司'],
    ['顺达物流有限公司', '顺达物流一分公司'],
    ['C+ Ltd', 'C2 Ltd'],
  ])('%s and %s stay two', (a, b) => expect(company(a)).not.toBe(company(b)));
  it.each([
    ['有限公司', 'onlyLegalForm'],
    ['Limited Co., Ltd.', 'onlyLegalForm'],
    ['（）', 'empty'],
    ['', 'empty'],
    ['12345 有限公司', 'onlyDigits'],
    ['АBC有限公司', 'mixedScripts'],
    ['达有限公司', 'tooShort'],
    ['АВС Ltd', 'lookAlikes'],
    ['重庆АВС有限公司', 'lookAlikes'],
    ['ΑΒΚ', 'lookAlikes'],
    ['Роснефть АВ', undefined],
  ])('%s is no strong key: %s', (text, why) =>
    expect(normaliseCompanyName(text)).toMatchObject(why === undefined ? { ok: true } : { ok: false, why }),
  );
});

describe('a person', () => {
  it.each([
    ['王芳', ['王　芳', ' 王 芳 ', '王芳女士', '王芳 小姐']],
    ['陈晓东', ['陳曉東', '陳曉東先生', 'Mr. 陳曉東']],
    ['钟国强', ['鍾國強', '锺国强']],
    ['阿卜杜拉买买提', ['阿卜杜拉·买买提', '阿卜杜拉•买买提', '阿卜杜拉．买买提', '阿卜杜拉・买买提']],
    ['zhang san', ['Zhang  San', 'ＺＨＡＮＧ san', 'Mr. Zhang San', 'Zhang San先生', 'Zhang San 女 士']],
    ['王芳', ['Ms王芳', 'Ms. 王芳', '王芳总经理']],
    ['o', ['O', 'ｏ']],
    ['иванова', ['Иванова']],
  ])('%s has one key', (key, spellings) => {
    for (const spelling of [key, ...spellings]) expect(normalisePersonName(spelling)).toMatchObject({ ok: true, key });
  });
  it.each([
    ['王先生', 'surnameAndTitle', 'male'],
    ['欧阳女士', 'surnameAndTitle', 'female'],
    ['王總', 'surnameAndTitle', undefined],
    ['女士', 'titleOnly', 'female'],
    ['Mr. Zhang', 'surnameAndTitle', 'male'],
    ['Wang先生', 'surnameAndTitle', 'male'],
    ['Wang 女士', 'surnameAndTitle', 'female'],
    ['Ouyang总', 'surnameAndTitle', undefined],
    ['Mr王', 'surnameAndTitle', 'male'],
    ['王总经理', 'surnameAndTitle', undefined],
    ['小王', 'nickname', undefined],
    ['老 李', 'nickname', undefined],
    ['小王女士', 'nickname', 'female'],
    ['阿强', 'nickname', undefined],
  ])('R29.17 %s names nobody: %s', (text, why, sex) => {
    const name = normalisePersonName(text);
    expect(name).toMatchObject({ ok: false, why });
    expect(name.title?.sex).toBe(sex);
  });
  it('a title tells the sex even after a full name', () =>
    expect(normalisePersonName('王芳女士')).toMatchObject({ ok: true, key: '王芳', title: { sex: 'female' } }));
  it('总 at the end of a full name is no title', () =>
    expect(normalisePersonName('王小总')).toEqual({ ok: true, key: '王小总' }));
  it.each([
    ['', 'empty'],
    ['···', 'empty'],
    ['芳', 'tooShort'],
    ['王某某', 'notAName'],
    ['王XX', 'notAName'],
    ['王1', 'notAName'],
    ['12', 'notAName'],
    ['Аnna', 'mixedScripts'],
    ['Анна', 'lookAlikes'],
  ])('%j is no name: %s', (text, why) => expect(normalisePersonName(text)).toMatchObject({ ok: false, why }));
  it('look-alikes of another alphabet stay another name', () => expect(person('Аnnа')).not.toBe(person('Anna')));
  it.each([
    ['张三', '张'],
    ['欧阳娜娜', '欧阳'],
    ['欧阳', '欧'],
    ['zhang san', undefined],
  ])('R29.23 the surname of %s is %s', (name, surname) => expect(surnameOf(name)).toBe(surname));
  it.each([
    ['王芳', '王*'],
    ['王 小芳', '王**'],
    ['欧阳娜娜', '欧阳**'],
    ['John Smith', 'J*** S***'],
    ['芳', '*'],
    ['', '***'],
  ])('others see %s as %s', (name, masked) => expect(maskName(name)).toBe(masked));
});

describe('a project and an address', () => {
  it.each([
    ['滨江花园二期', ['濱江花園 2期', '滨江花园Ⅱ期', '滨江花园（二期）', '滨江花园·二期项目']],
    ['滨江花园十二期', ['滨江花园12期']],
    ['滨江花园', ['「滨江花园」项目']],
  ])('%s has one key', (name, spellings) => {
    for (const spelling of spellings) expect(project(spelling)).toBe(project(name));
  });
  it.each([
    ['滨江花园一期', '滨江花园二期'],
    ['3-2', '32'],
    ['A1-1', 'A11'],
  ])('%s and %s stay two projects', (a, b) => expect(project(a)).not.toBe(project(b)));
  it('项目 alone stays, because something must', () => expect(project('项目')).toBe('项目'));
  it('reads one address in two spellings, and keeps door numbers apart', () => {
    expect(address('中国重庆市 渝北区/金开大道88＃ 三单元 3-2')).toBe(address('重慶市渝北區金開大道88号3单元3－2'));
    expect(address('金开大道88号3-21')).not.toBe(address('金开大道88号32-1'));
  });
  it.each(['', '——', '（ ）'])('%j is empty', (text) =>
    expect([normaliseProject(text), normaliseAddress(text)]).toEqual([
      { ok: false, why: 'empty' },
      { ok: false, why: 'empty' },
    ]),
  );
});
