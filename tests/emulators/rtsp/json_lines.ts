// A child process that answers each line of JSON with one, in order.

type Answer = Record<string, unknown>;

/** A running child. `ask` one thing after the other, or at once: answers come in the order of the questions. */
export class JsonLines {
  readonly #child: Deno.ChildProcess;
  readonly #deadlineMs: number;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting: PromiseWithResolvers<Answer>[] = [];
  readonly #output: Promise<void>;
  #stderr = "";
  #ended = false;

  constructor(program: string, args: string[], deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
    this.#child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "piped" })
      .spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#read();
  }

  /** Sends a question; returns the answer. Throws what the child complains of, or when it ended or is silent. */
  async ask(question: Answer): Promise<Answer> {
    if (this.#ended) throw this.#failure("has ended");
    const waiter = Promise.withResolvers<Answer>();
    this.#waiting.push(waiter);
    const timer = setTimeout(() => waiter.reject(this.#failure("gave no answer")), this.#deadlineMs);
    try {
      // A child that has ended takes no question; the reader of its answers says so.
      await this.#input.write(new TextEncoder().encode(`${JSON.stringify(question)}\n`)).catch(() => {});
      const answer = await waiter.promise;
      if (answer.error) throw new Error(String(answer.error));
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a signal, if it still runs. */
  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** Ends it at once, even while it is stopped, and waits for its end. */
  async stop(): Promise<void> {
    this.kill("SIGKILL");
    await this.#child.status;
    await this.#input.close().catch(() => {});
    await this.#output;
  }

  async #read(): Promise<void> {
    await Promise.all([this.#readAnswers(), this.#readComplaints()]);
    this.#ended = true;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(this.#failure("has ended"));
  }

  async #readAnswers(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#waiting.shift()?.resolve(JSON.parse(line));
    }
  }

  async #readComplaints(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#stderr = (this.#stderr + text).slice(-4000);
    }
  }

  #failure(what: string): Error {
    return new Error(`The child ${what}; it printed: ${this.#stderr || "nothing"}`);
  }
}
