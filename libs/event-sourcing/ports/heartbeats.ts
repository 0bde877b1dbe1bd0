/** A sign of life of whoever holds a lease, or, under a name that no lease has, of whoever holds none. */
export interface Beat {
  readonly lease: string;
  readonly holder: string;
  readonly term: number;
  readonly count: number;
}

/** Signs of life of the servers. They say nothing about who may hold one: that is decided in the journal. */
export interface Heartbeats {
  /**
   * Writes the next sign of life; `count` grows by one. False when a later term's sign is there already: ours was not
   * written.
   */
  beat(lease: string, holder: string, term: number): Promise<boolean>;
  /** The last sign of every lease. */
  look(): Promise<readonly Beat[]>;
  close(): Promise<void>;
}
