import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Clause } from './clause.js';
import { clauses } from './clauses.js';
import { loadPolicy } from './policy.js';
import { pathText, type Path } from './reading.js';
import { declaredIn } from './references.js';
import { knownRoles } from './roles.js';
import { inventedPolicy, inventedText } from './testing/shipped.js';

const all: readonly Clause[] = clauses;
const files = readdirSync(join(import.meta.dirname, 'clauses')).filter((file) => /^[a-z-]+\.ts$/.test(file));
const nameOf = (file: string): string =>
  file.replace('.ts', '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
const sourceOf = (name: string): string =>
  readFileSync(
    join(
      import.meta.dirname,
      'clauses',
      files.find((file) => nameOf(file) === name)!,
    ),
    'utf8',
  );

describe('the list of clauses', () => {
  it('and the folder are the same; cure: add the clause to clauses.ts, or give the file another folder', () =>
    expect(all.map(({ name }) => name).toSorted()).toEqual(files.map(nameOf).toSorted()));
  it('R32.20 a registration keeps the rules it was filed under; an offence meets those of its day', () =>
    expect(Object.fromEntries(all.flatMap(({ name, binds }) => (binds === undefined ? [] : [[name, binds]])))).toEqual({
      identity: 'filing',
      permissions: 'event',
      fourEyes: 'event',
      form: 'filing',
      intake: 'filing',
      filingPermission: 'filing',
      review: 'filing',
      activities: 'event',
      stages: 'filing',
      duties: 'filing',
      periodicDuties: 'event',
      requests: 'event',
      amendments: 'event',
      tables: 'event',
      parts: 'event',
      gates: 'event',
      protection: 'filing',
      upgrades: 'filing',
      extension: 'filing',
      ends: 'filing',
      bans: 'filing',
      collision: 'event',
      suspension: 'filing',
      objections: 'filing',
      measures: 'event',
      offences: 'event',
      attribution: 'filing',
      commission: 'filing',
      visibility: 'event',
      lists: 'event',
      statistics: 'event',
      notices: 'event',
    }));
});

describe('each clause answers everything', () => {
  for (const clause of all) {
    const { name, says } = clause;
    const cites = [...sourceOf(name).matchAll(/reasonOf\(\s*e,\s*(?:item === undefined \? )?['`](\w+)/g)].map(
      ([, cited]) => cited,
    );
    it(`${name}: its reasons have a sentence, and can be asked again`, () => {
      expect(cites.includes(name) ? says.reason : undefined).toEqual(
        cites.includes(name) ? { zh: expect.any(String), en: expect.any(String) } : undefined,
      );
      // A form and its keys are sealed; a class is cited where something is refused alone.
      const sealed = ['form', 'identity', 'classes'].includes(name);
      expect({ name, again: clause.again !== undefined || !cites.includes(name) || sealed }).toEqual({
        name,
        again: true,
      });
    });
    it(`${name}: what counts lengths has the meaning that counts a month's end whole`, () =>
      expect({ name, counts: sourceOf(name).includes('clockOf(') }).toEqual({ name, counts: clause.meaning === 2 }));
    it(`${name}: an item of a list has a label, so that coverage never names the list alone`, () => {
      const given = inventedPolicy().document[name as keyof ReturnType<typeof inventedPolicy>['document']];
      if (Array.isArray(given)) expect(clause.items?.by.length ?? 0).toBeGreaterThan(0);
      else expect(given === undefined || typeof given === 'object').toBe(true);
    });
  }
  it('the invented regime uses each of them, so that the tests below see all', () => {
    const { document } = inventedPolicy();
    expect(all.filter(({ name }) => document[name as 'form'] === undefined).map(({ name }) => name)).toEqual([
      'activities',
      'stages',
      'duties',
      'periodicDuties',
      'objections',
    ]);
  });
});

describe('a name that nothing declares is refused, wherever it stands', () => {
  const document = parse(inventedText()) as Readonly<Record<string, unknown>>;
  const declared = declaredIn(inventedPolicy().document);
  const classes = new Set(declared.flatMap(({ kind, name }) => (kind === 'class' ? [name] : [])));
  const fields = new Set(declared.flatMap(({ kind, name }) => (kind === 'field' ? [name] : [])));
  const causes = new Set(declared.flatMap(({ kind, name }) => (kind === 'cause' ? [name] : [])));
  const roles = new Set<string>([...knownRoles, ...(document['roles'] as string[])]);
  /** Keys under which such a word is no reference: it names the thing itself, or a thing of another kind. */
  const elsewhere = new Set([
    'name',
    'cause',
    'kind',
    'as',
    'accepts',
    'channels',
    'starts',
    'relation',
    'relations',
    'by',
  ]);
  const places = (value: unknown, path: Path): Path[] => {
    if (typeof value === 'string') {
      const key = [...path].reverse().find((step) => typeof step === 'string')!;
      if (path[0] === 'roles' || elsewhere.has(String(key))) return [];
      const isField = ['field', 'before', 'after'].includes(String(key)) && fields.has(value);
      return classes.has(value) || causes.has(value) || roles.has(value) || isField ? [path] : [];
    }
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
      places(inner, [...path, Array.isArray(value) ? Number(key) : key]),
    );
  };
  const with_ = (path: Path): string => {
    const copy = structuredClone(document) as Record<string, unknown>;
    const parent = path.slice(0, -1).reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], copy);
    (parent as Record<string, unknown>)[path.at(-1)!] = 'nobodyKnows';
    return stringify(copy);
  };
  const found = places(document, []).filter(([first]) => first !== 'attribution');
  it('in more than forty places of the invented regime', () => expect(found.length).toBeGreaterThan(40));
  it.each(found.map((path) => [path.join('.'), path] as const))('%s', (_, path) => {
    const result = loadPolicy(with_(path));
    expect(result.ok ? 'it loads' : result.problems[0].code).toMatch(/^(?:Class|Role|Field|Cause)Unknown$/);
  });
});

describe('an item that stands twice is refused', () => {
  const { document } = inventedPolicy();
  const lists = new Map(
    declaredIn(document)
      .filter(({ repeats }) => repeats === undefined)
      .map(({ path }) => [path.join('.'), path]),
  );
  it.each([...lists])('%s', (_, path) => {
    const copy = parse(inventedText()) as unknown;
    const list = path.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], copy) as unknown[];
    list.push(list[0]);
    const result = loadPolicy(stringify(copy));
    expect(result.ok ? [] : result.problems.map(({ code, path: at }) => `${code} ${at}`)).toContain(
      `NameTwice ${pathText(path)}`,
    );
  });
});
