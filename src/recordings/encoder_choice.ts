// Which encoder of H.264 works on this machine: each is tried once, the one in software is always there.
import type { Logger } from "../base/log.ts";
import type { Launcher } from "../process/launcher.ts";
import { type Encoder, ENCODERS, tryEncoderArgs } from "../process/record_args.ts";

/** What trying needs of the house. */
export interface EncoderContext {
  launcher: Launcher;
  log: Logger;
}

/** Finds it when it is first asked for. */
export class EncoderChoice {
  readonly #context: EncoderContext;
  readonly #givenUp = new Set<Encoder>();
  #choosing: Promise<Encoder> | undefined;

  constructor(context: EncoderContext) {
    this.#context = context;
  }

  get(): Promise<Encoder> {
    return this.#choosing ??= this.#choose();
  }

  /** It works when it is tried, and not for these pictures: the next one is taken. */
  giveUp(encoder: Encoder): void {
    if (encoder === "libx264" || this.#givenUp.has(encoder)) return;
    this.#givenUp.add(encoder);
    this.#choosing = undefined;
  }

  async #choose(): Promise<Encoder> {
    for (const encoder of ENCODERS) {
      if (this.#givenUp.has(encoder)) continue;
      if (encoder === "libx264" || await this.#works(encoder)) {
        this.#context.log.info("Pictures are encoded for recordings", { encoder });
        return encoder;
      }
    }
    return "libx264";
  }

  async #works(encoder: Encoder): Promise<boolean> {
    const { launcher } = this.#context;
    const child = launcher.spawn({
      name: `try ${encoder}`,
      program: "ffmpeg",
      args: tryEncoderArgs(encoder),
    });
    const [{ code }] = await Promise.all([child.exited, child.stdout.cancel()]);
    return code === 0;
  }
}
