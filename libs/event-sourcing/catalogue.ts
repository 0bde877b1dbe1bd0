import type { EventDefinition } from './event.js';

/** Every event type an installation can write and read, by name. */
export type EventCatalogue = ReadonlyMap<string, EventDefinition>;

/**
 * Throws when two definitions share a name, when a type that has had other shapes cannot lift them, and when a personal
 * field's name holds a dot (paths such as `form.phone` must read one way only).
 */
export const catalogueOf = (...definitions: readonly EventDefinition[]): EventCatalogue => {
  const catalogue = new Map<string, EventDefinition>();
  for (const definition of definitions) {
    const { type, schema, lift, personal } = definition;
    if (catalogue.has(type))
      throw new Error(`Two definitions of event ${type}: an event's name is for ever, so rename the newer one`);
    if (!Number.isSafeInteger(schema) || schema < 1)
      throw new Error(`Event ${type} has schema ${schema}: schemas count from 1`);
    if (schema > 1 && lift === undefined)
      throw new Error(`Event ${type} has schema ${schema} and no \`lift\`: older events of the log could not be read`);
    const dotted = Object.keys(personal).find((field) => field.includes('.'));
    if (dotted !== undefined) throw new Error(`Personal field ${dotted} of event ${type} has a dot in its name`);
    catalogue.set(type, definition);
  }
  return catalogue;
};
