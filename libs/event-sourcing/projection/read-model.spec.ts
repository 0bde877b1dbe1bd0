import { readModel } from './read-model.js';

type Ledger = { readonly type: 'Opened' } | { readonly type: 'Moved' } | { readonly type: 'Closed' };
const plain = { name: 'answers', version: 1, indexes: [], ids: () => ['row'] } as const;
const fold = (): { readonly sum: number } => ({ sum: 1 });

describe('a read model answers for every event', () => {
  it('listens to what it handles, and names what it ignores', () => {
    const model = readModel<{ readonly sum: number }, Ledger>()({
      ...plain,
      ignores: ['Closed'],
      on: { Opened: fold, Moved: fold },
    });
    expect(Object.keys(model.on)).toEqual(['Opened', 'Moved']);
  });
  it('does not compile while an event has no answer, or two', () => {
    const declared = readModel<{ readonly sum: number }, Ledger>();
    // @ts-expect-error Closed is neither handled nor ignored
    const silent = declared({ ...plain, on: { Opened: fold, Moved: fold } });
    // @ts-expect-error Moved is both
    const double = declared({ ...plain, ignores: ['Closed', 'Moved'], on: { Opened: fold, Moved: fold } });
    expect([silent.name, double.name]).toEqual(['answers', 'answers']);
  });
});
