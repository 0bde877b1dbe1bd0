import type { Box } from '#event-sourcing/event.js';
import type { Clock, Timers } from '#event-sourcing/ports/clock.js';
import type { Collection, ReadStore } from '#event-sourcing/ports/read-store.js';
import type { Projector } from '#event-sourcing/projection/projector.js';
import type { ReadModel } from '#event-sourcing/projection/read-model.js';
import type { OpenedBox, Opener } from '#event-sourcing/sealing/sealing.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import { catalogue } from './catalogue.js';
import { historyOf } from '../audit/history/history.js';
import { due } from '../deadline/due/due.js';
import { caseFile } from '../dossier/collision/case-file/case-file.js';
import { attribution } from '../dossier/deal/attribution/attribution.js';
import { ownership } from '../dossier/protection/ownership/ownership.js';
import { protectionStatus } from '../dossier/protection/protection-status/protection-status.js';
import { duties } from '../dossier/duty/duties/duties.js';
import { flags } from '../dossier/registration/flags/flags.js';
import { requestCard } from '../dossier/registration/request-card/request-card.js';
import { registrationCard } from '../dossier/registration/registration-card/registration-card.js';
import { noticeCard } from '../notice/notice-card/notice-card.js';
import { partyCard } from '../party/party-card/party-card.js';
import { programCard } from '../program/program-card/program-card.js';
import { standingCard } from '../standing/standing-card/standing-card.js';

export const history = historyOf(catalogue);

/** Every read model of the product. */
export const readModels: readonly ReadModel<object>[] = [
  registrationCard,
  protectionStatus,
  ownership,
  requestCard,
  caseFile,
  attribution,
  duties,
  flags,
  history,
  standingCard,
  noticeCard,
  partyCard,
  programCard,
  due,
] as readonly ReadModel<object>[];

/** How long a question given `after:` waits for its read models, in milliseconds. */
const waitMax = 2_000;

/** What queries read from: live documents, the boxes of the page that is shown, and the wait for one's own writes. */
export class Readings {
  constructor(
    private readonly store: ReadStore,
    private readonly progress: Pick<Projector, 'waitUntil'>,
    readonly opener: Opener,
    readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  of<Row extends object>(model: ReadModel<Row>): Promise<Collection<Row>> {
    return this.store.live<Row>(model);
  }

  /** Resolves when the models have seen `position`; throws NotYetSeenError after two seconds. */
  async seen(position: Position | undefined, ...models: readonly { readonly name: string }[]): Promise<void> {
    if (position !== undefined)
      await this.progress.waitUntil(
        position,
        models.map(({ name }) => name),
        { timeout: waitMax, timers: this.timers },
      );
  }

  /** Opens boxes of one page; an absent box is as good as erased. */
  async open(boxes: readonly (Box | undefined)[]): Promise<readonly (OpenedBox | 'erased')[]> {
    const present = boxes.filter((box) => box !== undefined);
    const opened = await this.opener.open(present);
    let next = 0;
    return boxes.map((box) => (box === undefined ? 'erased' : opened[next++]!));
  }
}
