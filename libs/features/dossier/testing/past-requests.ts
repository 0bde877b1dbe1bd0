import type { Past } from '#event-sourcing/testing/given-when-then.js';
import type { Code, EventId, PartyId, Reasons } from '#event-sourcing/vocabulary.js';
import { addMilliseconds } from '#time/instant.js';
import { inDossier, registrationId, type About } from './past.js';
import { on } from './rehearsal.js';

const unsaid = [] as unknown as Reasons;

/** It waits for the reviewer until two days later, and is refused then. */
export const requested = (about: About & { readonly request?: string; readonly step?: string } = {}): Past =>
  inDossier(
    { by: 'dealer-a', ...about },
    {
      type: 'Requested',
      registrationId: registrationId(about),
      by: (about.by ?? 'dealer-a') as PartyId,
      request: (about.request ?? 'specialPrice') as Code,
      form: {},
      details: {},
      attachments: [],
      review:
        about.request === 'ending'
          ? {
              step: 'head' as Code,
              index: 0,
              chain: ['head', 'board'] as readonly string[] as readonly Code[],
              roles: ['reviewer' as Code],
              dueAt: addMilliseconds(on(about.at ?? '2026-03-02'), 86_400_000),
              onTimeout: 'escalate',
            }
          : {
              step: 'superior' as Code,
              index: 0,
              chain: ['superior' as Code],
              roles: ['reviewer' as Code],
              dueAt: addMilliseconds(on(about.at ?? '2026-03-02'), 2 * 86_400_000),
              onTimeout: 'reject',
            },
      because: unsaid,
    },
  );
export const grantStands = (about: About & { readonly until?: string } = {}): Past =>
  inDossier(about, {
    type: 'RequestDecided',
    registrationId: registrationId(about),
    requestId: 'asked-before' as EventId,
    request: 'specialPrice' as Code,
    outcome: 'granted',
    ...(about.until === undefined ? {} : { until: on(about.until) }),
    once: true,
    because: unsaid,
  });
