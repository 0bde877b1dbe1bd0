import type { Change, StoredModel } from '../ports/read-store.js';

/** A document with fields of every kind an index can hold, for the contract of read stores. */
export interface Claim {
  readonly owner?: string | undefined;
  readonly endsAt?: string | number | bigint | boolean | null;
  readonly stage?: number;
  readonly nested?: { readonly city?: string };
}
export const claims: StoredModel = {
  name: 'claims',
  version: 1,
  indexes: [['owner', 'endsAt'], ['endsAt', 'stage'], ['stage'], ['nested.city', 'owner']],
};
export const put = <Row extends object>(id: string, document: Row | null): Change<Row> => ({ id, document });
