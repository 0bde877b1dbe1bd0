import { shippedPolicies, shippedPolicy, inventedPolicy } from './testing/shipped.js';
describe('shipped documents', () => {
  for (const id of shippedPolicies) it(`${id} loads`, () => expect(shippedPolicy(id).id).toBe(id));
  it('invented loads', () => expect(inventedPolicy().id).toBe('invented'));
});
