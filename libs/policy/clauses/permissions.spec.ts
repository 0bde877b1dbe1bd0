import fc from 'fast-check';
import { inventedBut, accepted, refusals, rulesOf, under, underInvented } from '../testing/evaluations.js';
import { relations as allRelations, type Relation } from '../whom.js';
import { knownRoles } from '../roles.js';
import { operations, permits } from './permissions.js';

const zhaodu = under('zhaodu-intent-customer');
const invented = underInvented();

describe('permissions', () => {
  it('R04.01 every employee may register, whatever the post', () => {
    const judgement = permits(zhaodu, 'register', { roles: [], relations: ['party'] });
    expect(refusals(judgement)).toEqual([]);
    expect(rulesOf(judgement)).toEqual(['R04.01']);
    expect(refusals(permits(zhaodu, 'register', { roles: ['auditor'], relations: [] }))).toEqual([
      'OperationNotPermitted',
    ]);
  });
  it('R04.11 only administration grants permission, and a refusal says so', () => {
    const judgement = permits(zhaodu, 'grantPermission', { roles: ['party'], relations: ['party'] });
    expect(refusals(judgement)).toEqual(['OperationNotPermitted']);
    expect(accepted(judgement)).toEqual({ roles: ['administrator'], relations: [] });
    expect(rulesOf(judgement)).toEqual(['R04.11']);
  });
  it("R04.14 employees may not look through others' filings", () =>
    expect(
      refusals(permits(zhaodu, 'seeOthers', { roles: ['party', 'reviewer', 'desk'], relations: ['party', 'filer'] })),
    ).toEqual(['OperationNotPermitted']));
  it('R29.01 roles and relations of one item are both needed, and any item is enough', () => {
    expect(refusals(permits(invented, 'recordVisit', { roles: ['desk'], relations: [] }))).toEqual([]);
    expect(refusals(permits(invented, 'recordVisit', { roles: [], relations: ['designated'] }))).toEqual([]);
    expect(refusals(permits(invented, 'recordVisit', { roles: ['party'], relations: ['party'] }))).toEqual([
      'OperationNotPermitted',
    ]);
  });
  it("an operation that nobody was given is nobody's", () =>
    expect(refusals(permits(zhaodu, 'arbitrate', { roles: knownRoles, relations: allRelations }))).toEqual([
      'OperationNotPermitted',
    ]));

  it('another role never takes a permission away', () => {
    const roles = fc.subarray([...knownRoles]);
    const relations = fc.subarray<Relation>([...allRelations]);
    fc.assert(
      fc.property(
        fc.constantFrom(...operations),
        roles,
        relations,
        fc.constantFrom(...knownRoles),
        (operation, held, related, more) => {
          const [before, after] = [
            permits(zhaodu, operation, { roles: held, relations: related }),
            permits(zhaodu, operation, { roles: [...held, more], relations: allRelations }),
          ];
          return !before.allowed || after.allowed;
        },
      ),
    );
  });
  it('an item for some classes lets do it to those alone; of no class yet, it may be any', () => {
    const e = inventedBut('{ may: arbitrate, roles: arbiter }', '{ may: arbitrate, roles: arbiter, class: field }');
    const of = (name?: string) => refusals(permits(e, 'arbitrate', { roles: ['arbiter'], relations: [], class: name }));
    expect([of('field'), of('company'), of()]).toEqual([[], ['OperationNotPermitted'], []]);
  });
});
