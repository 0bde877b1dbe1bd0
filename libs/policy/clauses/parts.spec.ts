import fc from 'fast-check';
import { isEntitled, isPart, relations, type Relation } from '../whom.js';
import { loadPolicy } from '../policy.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(
  import.meta.dirname.replace(/([/\\])dist[/\\](?=libs[/\\])/, '$1'),
  '../testing/invented.policy.yaml',
);
const invented = readFileSync(file, 'utf8');
const problemsOf = (from: string, to: string) => {
  if (!invented.includes(from)) throw new Error(`The invented regime has no "${from}"`);
  const loaded = loadPolicy(invented.replace(from, to));
  return loaded.ok ? [] : loaded.problems.map(({ code }) => code);
};

describe('parts', () => {
  it('are named by who may do something; a relation that nothing declares is told', () => {
    expect(problemsOf('relations: [holder, designated] }', 'relations: [holder, visitor] }')).toEqual([]);
    expect(problemsOf('relations: [holder, designated] }', 'relations: [holder, driver] }')).toEqual([
      'RelationUnknown',
    ]);
  });
  it('have no name that means something else', () =>
    expect(problemsOf('name: visitor', 'name: holder')).toEqual(['PartTaken']));
});

const anyRelation = fc.constantFrom<Relation>(...relations, 'visitor' as Relation, 'driver' as Relation);
const anyRole = fc.constantFrom('party', 'clerk', 'desk');
const listed = <T>(of: fc.Arbitrary<T>) => fc.option(fc.uniqueArray(of, { minLength: 1 }), { nil: undefined });
describe('what a part entitles to', () => {
  it('is what names the part, or what the same person may without it by an office of their own', () => {
    fc.assert(
      fc.property(
        fc.record({ roles: listed(anyRole), relations: listed(anyRelation) }),
        fc.uniqueArray(anyRole),
        fc.constantFrom<Relation>('visitor' as Relation, 'driver' as Relation),
        (who, roles, part) => {
          const isNamed = who.relations?.includes(part) === true;
          const byOffice = isEntitled(who, { roles: roles.filter((role) => role !== 'party'), relations: [] });
          if (isEntitled(who, { roles, relations: ['party', part] })) expect(isNamed || byOffice).toBe(true);
          if (byOffice) expect(isEntitled(who, { roles, relations: ['party', part] })).toBe(true);
        },
      ),
    );
  });
  it('takes nothing from a holder who has one too', () => {
    fc.assert(
      fc.property(
        fc.record({ roles: listed(anyRole), relations: listed(anyRelation) }),
        fc.uniqueArray(anyRole),
        (who, roles) => {
          const holder: readonly Relation[] = ['party', 'holder'];
          if (isEntitled(who, { roles, relations: holder }))
            expect(isEntitled(who, { roles, relations: [...holder, 'visitor' as Relation] })).toBe(true);
        },
      ),
    );
  });
  it('every other relation is none', () => expect(relations.filter(isPart)).toEqual([]));
});
