import fc from 'fast-check';
import { at, inventedBut, refusals, underInvented } from '../testing/evaluations.js';
import { inventedText } from '../testing/shipped.js';
import { noFacts } from '../facts.js';
import { loadPolicy } from '../policy.js';
import { gatesBefore, grantsUsed, type GatedAct } from './gates.js';
import { grantOf, judgeRequest, requestSteps, type RequestGiven } from './requests.js';

const invented = underInvented();
const asked: RequestGiven = {
  request: 'discount',
  class: 'company',
  values: { discounted: '99.50' },
  attachments: [],
  who: { roles: ['party'], relations: ['holder'] },
  filedAt: at('2026-03-02 10:00'),
  now: at('2026-03-05 10:00'),
};
const codesOf = (given: Partial<RequestGiven>): readonly string[] => {
  const judged = judgeRequest(invented, { ...asked, ...given });
  return judged.allowed ? [] : refusals(judged);
};

describe('requests', () => {
  it('are made by whom they name, of their class, in time, filled in: all that is wrong at once', () => {
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ class: 'field' })).toEqual(['RequestUnknown']);
    expect(codesOf({ who: { roles: ['party'], relations: [] } })).toEqual(['RequesterNotPermitted']);
    expect(codesOf({ now: at('2026-04-02 00:00'), values: {} })).toEqual(['RequestTooLate', 'FieldMissing']);
    expect(codesOf({ now: at('2026-04-01 23:59') })).toEqual([]);
  });
  it('grant so long as they say, from the yes on', () => {
    expect(grantOf(invented, 'discount', at('2026-03-06 10:00'))).toMatchObject({
      once: true,
      until: at('2026-03-12'),
    });
    expect(grantOf(invented, 'moreTime', at('2026-03-06 10:00')).until).toBeUndefined();
  });
  it('have steps of their own, and every chain of them is checked like a review', () => {
    expect(requestSteps(invented, 'givingUp').steps.map(({ name }) => name)).toEqual(['first', 'last']);
    const text = inventedText().replace(
      'onTimeout: escalate, escalatesTo: administrator }\n    grants',
      'onTimeout: escalate }\n    grants',
    );
    const loaded = loadPolicy(text);
    expect(loaded.ok ? [] : loaded.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'EscalationUnclear requests[0].steps[0]',
    ]);
  });
  it('lengthen a review by a time of their own form alone', () => {
    const loaded = loadPolicy(inventedText().replace('longerTime: promised', 'longerTime: discounted'));
    expect(loaded.ok ? [] : loaded.problems.map(({ code }) => code)).toEqual(['LongerTimeUnclear']);
  });
});

describe('a grant that is good for one act', () => {
  /** Three gates, each over some of three grants. */
  const names = ['discount', 'moreTime', 'givingUp'] as const;
  const anyNeeds = fc
    .tuple(fc.subarray([...names], { minLength: 1 }), fc.constantFrom(' && ', ' || '))
    .map(([some, by]) => some.map((name) => `granted("${name}")`).join(by));
  const play = (needs: readonly string[], granted: readonly string[]) => {
    const gates = needs
      .map(
        (need, index) =>
          `  - { name: gate${index}, before: recordVisit, needs: '${need}', says: { zh: 先, en: First } }`,
      )
      .join('\n');
    const e = inventedBut(/gates:\n(?: {2}-.*\n)+/, `gates:\n${gates}\n`);
    const act = (stands: readonly string[]): GatedAct => ({
      act: 'recordVisit',
      class: 'company',
      values: {},
      who: { roles: [], relations: [] },
      facts: { ...noFacts, granted: new Set(stands) },
    });
    const closed = (stands: readonly string[]): number => gatesBefore(e, act(stands)).closed.length;
    return { closed, used: grantsUsed(e, act(granted), granted) };
  };
  it('is used up where a gate would be closed without it, and nowhere else', () => {
    fc.assert(
      fc.property(fc.array(anyNeeds, { minLength: 1, maxLength: 3 }), fc.subarray([...names]), (needs, granted) => {
        const { closed, used } = play(needs, granted);
        // Those that were used open as much as all of them did, and none of them could have been spared.
        expect(closed(used)).toBe(closed(granted));
        for (const name of used) expect(closed(used.filter((other) => other !== name))).toBeGreaterThan(closed(used));
      }),
      { numRuns: 60 },
    );
  });
});
