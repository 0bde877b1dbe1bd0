import { Injectable } from '@nestjs/common';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { OwnPart } from '../audit/history/seen-by-party.js';
import { caseFile } from '../dossier/collision/case-file/case-file.js';
import { protectionStatus } from '../dossier/protection/protection-status/protection-status.js';
import {
  registrationCard,
  type RegistrationCard,
} from '../dossier/registration/registration-card/registration-card.js';
import { partyCard } from '../party/party-card/party-card.js';
import type { WhoseWork } from '../dossier/whose.js';
import type { Caller } from '#graphql/caller.js';
import { Answers } from './answers.js';

/**
 * How a caller may look into one dossier: by its work in the program, with everything in it; or as a party to it, with
 * its own part alone.
 */
export type DossierView = {
  readonly programId: ProgramId;
  /** The dossiers that are this subject today, merges followed; the one that goes on comes first. */
  readonly dossiers: readonly [string, ...string[]];
} & (
  | {
      readonly as: 'official';
      readonly sight: 'clear' | 'masked';
      /** Somebody else has a part in it: reading it is recorded. */ readonly ofOthers: boolean;
    }
  | { readonly as: 'party'; readonly own: OwnPart }
);

const registrationsMax = 1_000;
const pageSize = 100;
const mergesMax = 32;

/** One question for every query about a dossier, so that none of them answers more than another. */
@Injectable()
export class DossierAccess {
  constructor(private readonly answers: Answers) {}

  /** `undefined`: there is no such dossier, or it is none of the caller's business; nobody is told which. */
  async of(caller: Caller, dossierId: string, atPosition?: string): Promise<DossierView | undefined> {
    const dossiers = await this.#subject(dossierId, atPosition);
    const cards = (await Promise.all(dossiers.map((id) => this.#cards(id, atPosition)))).flat();
    const programId =
      cards[0]?.programId ?? (await (await this.answers.of(protectionStatus, atPosition)).get(dossierId))?.programId;
    if (programId === undefined) return undefined;
    const isOwn = await this.answers.ownIn(caller, programId);
    const sight = this.answers.sight('claims', caller, programId);
    if (sight !== 'none')
      return {
        programId,
        dossiers,
        as: 'official',
        sight,
        ofOthers: cards.length === 0 || cards.some((card) => !isOwn(card)),
      };
    return cards.some(isOwn)
      ? { programId, dossiers, as: 'party', own: await this.#ownPart(caller.party, isOwn, dossiers, cards, atPosition) }
      : undefined;
  }

  /** The caller's own registrations in a dossier, whatever else its roles let it see. */
  async ownRegistrations(caller: Caller, dossierId: string, atPosition?: string): Promise<ReadonlySet<string>> {
    const cards = await this.#cards(dossierId, atPosition);
    const [first] = cards;
    if (first === undefined) return new Set();
    const isOwn = await this.answers.ownIn(caller, first.programId);
    return new Set(cards.filter(isOwn).map(({ registrationId }) => registrationId));
  }

  /** Who may read which login acted, once that reading is recorded. */
  seesUsers(caller: Caller, programId: ProgramId | undefined): boolean {
    return this.answers.rolesIn(caller, programId).some((role) => role === 'administrator' || role === 'auditor');
  }

  /** Ids and names of parties, as somebody may have written them. */
  async names(parties: ReadonlySet<string>): Promise<readonly string[]> {
    if (parties.size === 0) return [];
    const cards = await (await this.answers.of(partyCard)).getMany([...parties]);
    const opened = await this.answers.open([...cards.values()].map(({ name }) => name));
    const names = opened.flatMap((box) =>
      box === 'erased' ? [] : [...box.values()].map(({ value }) => String(value)),
    );
    return [...parties, ...names].toSorted((one, other) => other.length - one.length);
  }

  async #ownPart(
    party: PartyId,
    isOwn: (claim: WhoseWork) => boolean,
    dossiers: readonly string[],
    cards: readonly RegistrationCard[],
    atPosition: string | undefined,
  ): Promise<OwnPart> {
    const registrations = new Set<string>(cards.filter(isOwn).map(({ registrationId }) => registrationId));
    const cases = await (
      await this.answers.of(caseFile, atPosition)
    ).page({
      where: { dossierId: { in: dossiers } },
      order: [{ field: 'raisedAt', direction: 'ascending' }],
      first: pageSize,
    });
    const ownCases = cases.rows
      .map(({ document }) => document)
      .filter(({ claims }) => claims.some((claim) => registrations.has(claim)));
    const rivals = new Set<string>(
      cards.filter((card) => !isOwn(card)).flatMap(({ holder, filedBy }) => [holder, filedBy]),
    );
    rivals.delete(party);
    return {
      party,
      registrations,
      rivals,
      cases: new Set(ownCases.map(({ caseId }) => caseId)),
      shared: new Set(ownCases.filter(({ elsewhere }) => elsewhere.length > 0).map(({ caseId }) => caseId)),
    };
  }

  /** Either id of a merged subject leads to the same dossiers, at most so many. */
  async #subject(dossierId: string, atPosition: string | undefined): Promise<DossierView['dossiers']> {
    const statuses = await this.answers.of(protectionStatus, atPosition);
    let first = dossierId;
    for (let step = 0; step < mergesMax; step += 1) first = (await statuses.get(first))?.mergedInto ?? first;
    const dossiers: [string, ...string[]] = [first];
    for (let place = 0; place < dossiers.length && dossiers.length < mergesMax; place += 1)
      dossiers.push(...((await statuses.get(dossiers[place]!))?.absorbed ?? []));
    return dossiers;
  }

  async #cards(dossierId: string, atPosition: string | undefined): Promise<readonly RegistrationCard[]> {
    const collection = await this.answers.of(registrationCard, atPosition);
    const cards: RegistrationCard[] = [];
    let after: string | undefined;
    do {
      const page = await collection.page({
        where: { dossierId: { equals: dossierId } },
        order: [{ field: 'filedAt', direction: 'ascending' }],
        first: pageSize,
        ...(after === undefined ? {} : { after }),
      });
      cards.push(...page.rows.map(({ document }) => document));
      after = page.hasNext ? page.rows.at(-1)?.cursor : undefined;
    } while (after !== undefined && cards.length < registrationsMax);
    return cards;
  }
}
