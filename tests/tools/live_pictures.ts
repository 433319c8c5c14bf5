// Pictures from the live socket, each acknowledged as it comes.

/** A socket that shows one camera. */
export class LivePictures implements Disposable {
  readonly pictures: Uint8Array[] = [];
  // deno-lint-ignore no-explicit-any -- messages of every shape
  readonly texts: any[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Connects with the headers of a login, and subscribes. */
  static async open(
    origin: string,
    headers: Record<string, string>,
    wish: Record<string, unknown>,
  ): Promise<LivePictures> {
    // Deno's WebSocket takes headers; its types, which are the browser's, do not know.
    const options = { headers } as unknown as string[];
    const socket = new WebSocket(origin.replace("http", "ws") + "/api/live", options);
    socket.binaryType = "arraybuffer";
    const live = new LivePictures(socket);
    socket.onmessage = ({ data }) => live.#take(data);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    socket.send(JSON.stringify({ op: "subscribe", ...wish }));
    return live;
  }

  #take(data: string | ArrayBuffer): void {
    if (typeof data === "string") return void this.texts.push(JSON.parse(data));
    this.pictures.push(new Uint8Array(data));
    const { camera, seq } = this.texts.findLast(({ op }) => op === "frame");
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify({ op: "ack", camera, seq }));
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
