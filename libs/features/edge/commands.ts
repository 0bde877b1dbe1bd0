import type { Rejection } from '#event-sourcing/decision.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import type { CommandEngine, Handling, Outcome } from '#event-sourcing/command/handle-command.js';
import type { Clock, Ids } from '#event-sourcing/ports/clock.js';
import { administrationHandling, type AdministrationSlice } from '../deciding/administration.js';
import type { CommandBase } from '../deciding/decision-facts.js';
import type { DossierId } from '../dossier/events.js';
import type { EpochSecret } from '../dossier/keyring.js';
import { handlingOf, type DossierCommand, type DossierSlice } from '../dossier/on-dossier.js';
import { subjectHandling, type SubjectCommand, type SubjectSlice } from '../dossier/on-subject.js';

/** What a command handler needs: the engine, and the three things that a pure decision is given. */
export class Commands {
  constructor(
    readonly engine: CommandEngine,
    readonly clock: Clock,
    readonly ids: Ids,
    readonly secret: EpochSecret,
  ) {}

  onDossier<C extends DossierCommand>(slice: DossierSlice<C>, command: C): Promise<Outcome> {
    return this.engine.handle(handlingOf(slice, command, this.clock, this.secret));
  }

  /** A subject that nobody has named before gets its dossier's id here, outside the decision. */
  onSubject<C extends SubjectCommand>(slice: SubjectSlice<C>, command: Omit<C, 'newDossierId'>): Promise<Outcome> {
    return this.engine.handle(
      subjectHandling(slice, { ...command, newDossierId: this.newDossierId() } as C, this.clock, this.secret),
    );
  }

  administer<C extends CommandBase, State, E extends AnyEvent>(
    slice: AdministrationSlice<C, State, E>,
    command: C,
  ): Promise<Outcome> {
    return this.engine.handle(administrationHandling(slice, command, this.clock));
  }

  handle<State, E extends AnyEvent, R extends Rejection>(handling: Handling<State, E, R>): Promise<Outcome> {
    return this.engine.handle(handling) as Promise<Outcome>;
  }

  newDossierId(): DossierId {
    return this.ids.uuid().replaceAll('-', '') as DossierId;
  }
}
