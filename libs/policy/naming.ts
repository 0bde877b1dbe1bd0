import { z } from 'zod';
import type { Path } from './reading.js';
import { nameSchema } from './words.js';

/** What a name in a document can refer to. `condition` is no name but a text that refers to fields by their names. */
export type NameKind =
  | 'class'
  | 'role'
  | 'field'
  | 'cause'
  | 'addressee'
  | 'activity'
  | 'clockEvent'
  | 'recorded'
  | 'act'
  | 'relation'
  | 'dutyOf'
  | 'dutyBegin'
  | 'dutyDone'
  | 'measure';
/** What is called by a title or label of the policy's own. */
export type TitleKind =
  | 'class'
  | 'field'
  | 'column'
  | 'attachment'
  | 'choice'
  | 'cause'
  | 'offence'
  | 'measure'
  | 'step'
  | 'activity'
  | 'ladder'
  | 'duty'
  | 'request'
  | 'gate'
  | 'check'
  | 'flag'
  | 'part'
  | 'table';

/** Kept beside the schemas, so that the exported JSON Schema does not change with it. */
const kinds = z.registry<{ readonly kind: NameKind | ConditionKind }>();
/** What a condition may ask beside the form: nothing, of the dossier, of whoever acts, of both (facts.ts). */
export type ConditionKind = 'condition' | 'dossierCondition' | 'partyCondition' | 'factCondition';
export const isCondition = (kind: NameKind | ConditionKind): kind is ConditionKind => kind.endsWith('ondition');

/** A name that something else in the document declares: it is looked up when the document is loaded. */
export const nameOf = (kind: NameKind): z.ZodString => {
  const schema = nameSchema.clone();
  kinds.add(schema, { kind });
  return schema;
};

/** A CEL condition over the form: parsed and type-checked when the document is loaded. */
export const conditionSchema = (means: string): z.ZodString => {
  const schema = z.string().min(1).describe(means);
  kinds.add(schema, { kind: 'condition' });
  return schema;
};

/** A condition over the form and over facts: what has been recorded, where the registration stands, who acts. */
export const factConditionSchema = (means: string): z.ZodString => {
  const schema = z.string().min(1).describe(means);
  kinds.add(schema, { kind: 'factCondition' });
  return schema;
};
/** A condition over the form and over whoever fills it in: whose customer it is about is not known yet. */
export const partyConditionSchema = (means: string): z.ZodString => {
  const schema = z.string().min(1).describe(means);
  kinds.add(schema, { kind: 'partyCondition' });
  return schema;
};
/** The same without whoever acts: for what time decides, which a late tick must find as a punctual one would have. */
export const dossierConditionSchema = (means: string): z.ZodString => {
  const schema = z.string().min(1).describe(means);
  kinds.add(schema, { kind: 'dossierCondition' });
  return schema;
};

export interface Named {
  readonly kind: NameKind | ConditionKind;
  readonly name: string;
  readonly path: Path;
}

/** Every name and condition that a value holds, found by its schema: a new key that refers to something needs no more. */
export const namedIn = (schema: z.core.$ZodType, value: unknown, path: Path): readonly Named[] => {
  if (value === undefined) return [];
  const known = kinds.get(schema);
  if (known !== undefined) return [{ kind: known.kind, name: value as string, path }];
  const { def } = (schema as z.ZodType)._zod as unknown as { readonly def: z.core.$ZodTypes['_zod']['def'] };
  switch (def.type) {
    case 'optional':
    case 'default':
      return namedIn(def.innerType, value, path);
    case 'pipe':
      return namedIn(def.in, value, path);
    case 'array':
      // A list of names is one choice: what is wrong with it is said of the list.
      return (value as readonly unknown[]).flatMap((item, index) =>
        namedIn(def.element, item, kinds.has(def.element) ? path : [...path, index]),
      );
    case 'object':
      return Object.entries(def.shape).flatMap(([key, inner]) =>
        namedIn(inner, (value as Readonly<Record<string, unknown>>)[key], [...path, key]),
      );
    case 'record':
      return Object.entries(value as object).flatMap(([key, inner]) => [
        ...namedIn(def.keyType, key, [...path, key]),
        ...namedIn(def.valueType, inner, [...path, key]),
      ]);
    case 'union': {
      const option = def.options.find((each) => holds(each, value));
      return option === undefined ? [] : namedIn(option, value, path);
    }
    default:
      return [];
  }
};

/** The branch that a value was written in: lists, objects with just these keys, and single values never look alike. */
const holds = (option: z.core.$ZodType, value: unknown): boolean => {
  const { def } = option._zod as unknown as { readonly def: z.core.$ZodTypes['_zod']['def'] };
  if (Array.isArray(value)) return def.type === 'array';
  if (typeof value !== 'object' || value === null) return def.type !== 'array' && def.type !== 'object';
  return def.type === 'object' && Object.keys(value).every((key) => Object.hasOwn(def.shape, key));
};
