// An HTTP client that keeps the login cookie and reads multipart pictures.

/** A JPEG with the headers of its part. */
export interface Part {
  headers: Record<string, string>;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Talks to one hub. */
export class HttpClient {
  readonly origin: string;
  cookie = "";

  constructor(origin: string) {
    this.origin = origin;
  }

  /** Like fetch, with the cookie, without following redirects. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookie) headers.set("cookie", this.cookie);
    const response = await fetch(this.origin + path, { redirect: "manual", ...init, headers });
    const set = response.headers.get("set-cookie");
    if (set) this.cookie = set.split(";")[0] ?? "";
    return response;
  }

  /** Fetches JSON, whatever the status. */
  // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  async json(path: string, init?: RequestInit): Promise<any> {
    return await (await this.fetch(path, init)).json();
  }

  /** Sends JSON; returns status and body. */
  // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  async send(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
    const response = await this.fetch(path, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  async operation(name: string, input: unknown = {}): Promise<any> {
    return (await this.send("POST", `/api/operations/${name}`, input)).body;
  }

  /** Announces a body of so many bytes, sends none of it, and returns the answer's first bytes as text. */
  async announce(path: string, sizeBytes: number): Promise<string> {
    const { hostname, port, host } = new URL(this.origin);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const head = [
      `POST ${path} HTTP/1.1`,
      `Host: ${host}`,
      `Cookie: ${this.cookie}`,
      `Content-Length: ${sizeBytes}`,
    ];
    await connection.write(
      new TextEncoder().encode(head.join("\r\n") + "\r\nContent-Type: application/json\r\n\r\n"),
    );
    const buffer = new Uint8Array(4096);
    let text = "";
    for (let size = await connection.read(buffer); size !== null; size = await connection.read(buffer)) {
      text += new TextDecoder().decode(buffer.subarray(0, size));
    }
    connection.close();
    return text;
  }

  /** Reads so many parts of a stream, then leaves. */
  async parts(path: string, count: number, headers: Record<string, string> = {}): Promise<Part[]> {
    const leave = new AbortController();
    const response = await this.fetch(path, { signal: leave.signal, headers });
    if (response.status !== 200 || !response.body) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }
    const found: Part[] = [];
    try {
      for await (const part of readParts(response.body)) {
        found.push(part);
        if (found.length === count) break;
      }
    } finally {
      leave.abort();
    }
    return found;
  }
}

/** Takes a multipart stream with Content-Length in every part apart. */
export async function* readParts(body: ReadableStream<Uint8Array>): AsyncGenerator<Part> {
  let held = new Uint8Array(0);
  for await (const chunk of body) {
    const joined = new Uint8Array(held.length + chunk.length);
    joined.set(held);
    joined.set(chunk, held.length);
    held = joined;
    for (let part = takePart(held); part; part = takePart(held)) {
      yield part.part;
      held = held.slice(part.end);
    }
  }
}

function takePart(bytes: Uint8Array): { part: Part; end: number } | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1000));
  const end = head.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const headers = Object.fromEntries(
    head.slice(0, end).split("\r\n").slice(1).map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = Number(headers["content-length"]);
  if (!Number.isInteger(length)) {
    throw new Error(`A part without length: ${JSON.stringify(head.slice(0, end))}`);
  }
  const start = end + 4;
  if (bytes.length < start + length + 2) return undefined;
  return { part: { headers, bytes: bytes.slice(start, start + length) }, end: start + length + 2 };
}
