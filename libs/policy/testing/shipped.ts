import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicy, type Policy } from '../policy.js';

/** The regimes that we ship, by their ids. */
export const shippedPolicies = [
  'zhaodu-intent-customer',
  'data-dept-three-month',
  'two-month-admin-filing',
  'new-dealer-onboarding',
  'filing-framework-essay',
  'fleet-unit-customer-filing',
  'business-information-board',
  'graded-business-filing',
  'sales-project-order-filing',
  'post-contract-filing',
  'process-filing-dispatch',
  'consented-customer-database',
  'two-stage-credentialed',
  'organisational-reporting-windows',
  'new-customer-development-spec',
  'regional-visit-collision',
  'archive-supervisor-review',
  'archive-sensitive-approval',
  'importance-dispatch',
  'pre-contract-review-list',
  'auto-4s-lead-cards',
  'customer-requirement-review-sla',
  'shijia-customer-administration',
  'foshan-customer-info',
  'service-desk-escalation',
  'customer-reception',
  'infodept-archive',
  'development-specialist',
  'yuanhua-auto-ab-card',
  'meta-filing-framework',
  'onsite-team-ownership',
  'project-info-first-filer',
  'intermediary-crm-territory',
  'unfiled-quote-no-commission',
  'new-customer-project-initiation',
  'new-customer-outline',
] as const;
export type ShippedPolicy = (typeof shippedPolicies)[number];

/** Documents are data: they stay in the source tree, wherever the code was compiled to. */
const folder = join(import.meta.dirname, '..').replace(/([/\\])dist[/\\](?=libs[/\\]policy$)/, '$1');

export const shippedText = (id: ShippedPolicy): string =>
  readFileSync(join(folder, 'documents', id, `${id}.policy.yaml`), 'utf8');
export const shippedPolicy = (id: ShippedPolicy): Policy => loaded(shippedText(id));
/**
 * A regime of no company, which uses every clause that the shipped ones leave out: cases, suspension, splits, bans,
 * ladders, commission.
 */
export const inventedText = (): string => readFileSync(join(folder, 'testing', 'invented.policy.yaml'), 'utf8');
/** Another of no company: every way of claiming beside each other. */
export const claimsText = (): string => readFileSync(join(folder, 'testing', 'claims.policy.yaml'), 'utf8');
export const inventedPolicy = (): Policy => loaded(inventedText());

export const loaded = (text: string): Policy => {
  const result = loadPolicy(text);
  if (!result.ok)
    throw new Error(
      result.problems
        .map(({ code, path, line, column, message }) => `${code} at ${path} (${line}:${column}): ${message.en}`)
        .join('\n'),
    );
  return result.policy;
};
