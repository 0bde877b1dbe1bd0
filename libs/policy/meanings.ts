import { code, type Code } from '#event-sourcing/vocabulary.js';
import { unsound, type Clause, type Unsound } from './clause.js';
import { clauses, type ClauseName } from './clauses.js';
import type { PolicyDocument } from './document.js';
import { wholeMonthsSince } from './mends.js';

/** The semantic version of each clause that is not the first: `protection` → 2. */
export type Meanings = ReadonlyMap<string, number>;

/**
 * The meanings of a document: what it asks for itself; else those it was published under; else, for a document that
 * nobody has published yet, the newest. A clause that says nothing which a mend has touched stays what it was.
 */
export const meaningsOf = (document: PolicyDocument, published: readonly Code[] | undefined): Meanings => {
  const kept = published === undefined ? newest(document) : published.map(split);
  return new Map([...kept, ...Object.entries(document.meanings ?? {})]);
};
/** As they stand in the event that publishes a policy, so that it means the same for ever. */
export const meaningCodes = (meanings: Meanings): readonly Code[] =>
  [...meanings].filter(([, meaning]) => meaning > 1).map(([clause, meaning]) => code(`${clause}/${meaning}`));

const split = (meaning: Code): readonly [string, number] => {
  const [clause = '', version] = meaning.split('/');
  return [clause, Number(version)];
};
const newest = (document: PolicyDocument): readonly (readonly [string, number])[] =>
  clauses.flatMap(({ name, meaning }: Clause<ClauseName>) =>
    meaning === wholeMonthsSince && countsInclusiveMonths(document[name]) ? [[name, wholeMonthsSince] as const] : [],
  );

/** A document may ask for a meaning that its clause has, and for no other. */
export const meaningProblems = ({ meanings = {} }: PolicyDocument): readonly Unsound[] => {
  const known = new Map<string, number>(clauses.map(({ name, meaning = 1 }: Clause) => [name, meaning]));
  return Object.entries(meanings).flatMap(([clause, meaning]) => {
    const newest = known.get(clause) ?? 1;
    return meaning <= newest
      ? []
      : [
          unsound(
            'MeaningUnknown',
            ['meanings', clause],
            `${clause} 的语义版本最高为 ${newest}。`,
            `The newest meaning of ${clause} is ${newest}.`,
          ),
        ];
  });
};

const countsInclusiveMonths = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (('months' in value && 'counting' in value && value.counting === 'inclusive') ||
    Object.values(value).some(countsInclusiveMonths));
