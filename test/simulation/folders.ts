import type { Deal } from './deals.js';

/** What the second reading knows of a dossier, and a line of the log as it reads it. */
export interface Claim {
  readonly id: string;
  readonly dossier: string;
  readonly rankedAt: string;
  holder: string;
  /** `standing`: approved, its clock waits for an event. */
  state: 'waiting' | 'returned' | 'inCase' | 'standing' | 'live' | 'suspended' | 'over';
  startsAt?: string | undefined;
  endsAt?: string | undefined;
  /** A suspension without a verdict ends here. */
  until?: string | undefined;
  dueAt?: string | undefined;
  /** Nobody's answer by then is a yes. */
  approvesItself?: boolean;
}
export interface Case {
  readonly id: string;
  readonly elsewhere: readonly string[];
  open: boolean;
  outcome?: string;
  claims: readonly string[];
  winner?: string | undefined;
  readonly stoodStill: Set<string>;
  /** Its verdict was taken back: these claims stand in it again. */
  readonly revived?: Set<string>;
}
export interface Folder {
  readonly id: string;
  mergedInto?: string;
  readonly claims: Map<string, Claim>;
  readonly cases: Map<string, Case>;
  readonly deals: Map<string, Deal>;
  readonly rulings: string[];
}
export interface Window {
  readonly startsAt: string;
  readonly endsAt: string;
}
export type Body = Readonly<Record<string, unknown>>;
export interface Line {
  readonly type: string;
  readonly stream: string;
  readonly body: Body;
  readonly times: { readonly recordedAt: string };
  readonly command: { readonly id: string; readonly name: string; readonly step: number; readonly of: number };
  readonly actor: { readonly party: string };
  readonly id: string;
}

export const isLive = ({ state, endsAt }: Claim, at: string): boolean =>
  state === 'suspended' || (state === 'live' && at < endsAt!);
