// The patrols that were asked for with a time: one for each camera, over as soon as somebody else has a say.

/** One that is under way. */
export interface TimedPatrol {
  /** Aborts when somebody stopped the patrol, or began another: the camera is then not this one's to stop. */
  readonly overruled: AbortSignal;
  /** Forgets it. */
  [Symbol.dispose](): void;
}

/** Knows those that are under way. */
export class TimedPatrols {
  readonly #underWay = new Map<string, AbortController>();

  /** Takes note of one that has begun; overrules the one before it. */
  begin(camera: string): TimedPatrol {
    this.overrule(camera);
    const own = new AbortController();
    this.#underWay.set(camera, own);
    return {
      overruled: own.signal,
      [Symbol.dispose]: () => {
        if (this.#underWay.get(camera) === own) this.#underWay.delete(camera);
      },
    };
  }

  /** Ends the wait for the camera's, if there is one. */
  overrule(camera: string): void {
    this.#underWay.get(camera)?.abort();
    this.#underWay.delete(camera);
  }
}
