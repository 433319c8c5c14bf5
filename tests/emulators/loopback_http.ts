// What emulated services on the web have in common: a server on a port of its own of this machine.

/** Listens from its making until it is disposed of. */
export abstract class LoopbackHttp implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.answer(request));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  protected abstract answer(request: Request): Promise<Response>;
}
