// What a store elsewhere is, and what it is sent.

/** Something that is sent, in the target's own words. */
export interface Parcel {
  /** How many values or events are in it. */
  readonly count: number;
  readonly text: string;
}

/** A store elsewhere. */
export interface Target {
  /** Its name in warnings, logs and metrics. */
  readonly id: string;
  /** What it speaks: parcels of one kind mean nothing to another. */
  readonly kind: "influx" | "otlp" | "loki" | "postgres";
  /**
   * Sends parcels in one go. Sending them again changes nothing there.
   * @throws HubError; with `retryable` when another try may succeed, `retryAtMs` when that is known, and
   * `details.refused` where it is the parcels that are refused, whoever sends them; AbortError.
   */
  send(parcels: readonly Parcel[], signal: AbortSignal): Promise<void>;
  /** Lets go of its connection, where it keeps one. */
  close?(): Promise<void>;
}

/** What waits for a target. At most one batch is out at a time. */
export interface Source {
  /** Calls back when there may be something more. */
  subscribe(listener: () => void): () => void;
  /**
   * The oldest parcels that wait, some at most; none when nothing does.
   * @throws HubError as `Target.send` does.
   */
  next(most: number, signal: AbortSignal): Promise<readonly Parcel[]>;
  /** Those that `next` gave are through: taken, or given up. */
  done(): void;
  /** They are to be given again. */
  again(): void;
}
