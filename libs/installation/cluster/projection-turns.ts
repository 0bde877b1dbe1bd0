import type { WaitLimit } from '#event-sourcing/projection/position-waiters.js';
import type { ModelStatus, Projector } from '#event-sourcing/projection/projector.js';
import { ProjectorStoppedError } from '#event-sourcing/projection/projector.js';
import { WatchStoppedError, type ProjectionWatch } from '#event-sourcing/projection/projection-watch.js';
import type { Position } from '#event-sourcing/vocabulary.js';

/** What queries and status pages need of the read models' progress, whoever folds them. */
export interface ReadModelProgress {
  waitUntil(position: Position, models: readonly string[], limit: WaitLimit): Promise<void>;
  status(): readonly ModelStatus[];
  /** Readers that wait to see a position. */
  readonly waiting: number;
}

/** Turns of who folds that one reader waits through. */
const turnsMax = 5;

/** Read models that this server folds while it holds the lease, and watches while another one does. */
export class ProjectionTurns implements ReadModelProgress {
  #folds = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly projector: Projector,
    private readonly watch: ProjectionWatch,
  ) {}

  start(): void {
    this.watch.start();
  }

  /** From now on, or no more, this server folds them. Turns follow each other in the order they were asked. */
  fold(folds: boolean): Promise<void> {
    this.#turn = this.#turn
      .catch(() => undefined)
      .then(async () => {
        if (this.#folds === folds) return;
        if (folds) await this.#begin();
        else {
          await this.projector.stop();
          this.watch.start();
        }
        this.#folds = folds;
      });
    return this.#turn;
  }

  async #begin(): Promise<void> {
    await this.watch.stop();
    try {
      await this.projector.start();
    } catch (error) {
      this.watch.start();
      throw error;
    }
  }

  async waitUntil(position: Position, models: readonly string[], limit: WaitLimit): Promise<void> {
    for (let turn = 1; ; turn += 1) {
      try {
        await this.#turn.catch(() => undefined);
        return await (this.#folds ? this.projector : this.watch).waitUntil(position, models, limit);
      } catch (error) {
        if (turn === turnsMax || !(error instanceof ProjectorStoppedError || error instanceof WatchStoppedError))
          throw error;
      }
    }
  }

  get waiting(): number {
    return (this.#folds ? this.projector : this.watch).waiting;
  }
  status(): readonly ModelStatus[] {
    return (this.#folds ? this.projector : this.watch).status();
  }

  async stop(): Promise<void> {
    await this.#turn.catch(() => undefined);
    await (this.#folds ? this.projector : this.watch).stop();
  }
}
