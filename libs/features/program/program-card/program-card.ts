import { readModel } from '#event-sourcing/projection/read-model.js';
import type { Code, Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import type { ProgramEvent } from '../events.js';

/** A program and the versions of its policy, as they were published. */
export interface ProgramCard {
  readonly programId: ProgramId;
  readonly title: { readonly zh: string; readonly en: string };
  readonly openedAt: Instant;
  readonly policies: readonly {
    readonly version: Code;
    readonly digest: Code;
    readonly text: string;
    readonly meanings: readonly Code[];
    readonly effectiveFrom: Instant;
    readonly authority: string;
    readonly publishedAt: Instant;
  }[];
}

export const programCard = readModel<ProgramCard, ProgramEvent>()({
  name: 'program-card',
  version: 2,
  indexes: [['openedAt']],
  ids: ({ event }) => [event.programId],
  on: {
    ProgramOpened: (_, { event, times }) => ({
      programId: event.programId,
      title: event.title,
      openedAt: times.recordedAt,
      policies: [],
    }),
    PolicyPublished: (row, { event, times }) =>
      row === undefined
        ? undefined
        : {
            ...row,
            policies: [
              ...row.policies.filter(({ version }) => version !== event.version),
              {
                version: event.version,
                digest: event.digest,
                text: event.text,
                meanings: event.meanings ?? [],
                effectiveFrom: event.effectiveFrom,
                authority: event.authority,
                publishedAt: times.recordedAt,
              },
            ],
          },
    PolicyWithdrawn: (row, { event }) =>
      row === undefined
        ? undefined
        : { ...row, policies: row.policies.filter(({ version }) => version !== event.version) },
  },
});
