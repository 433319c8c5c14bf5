// A client of the hub's HTTP API for the tests that run the built program.
import { type Part, readParts } from "./multipart.ts";

export interface CameraView {
  id: string;
  name: string;
  type: string;
  status: string;
  reason?: string;
  hint?: string;
  since?: string;
  capabilities: string[];
  stream?: {
    running: boolean;
    codec?: string;
    width?: number;
    height?: number;
    fps?: number;
    frames_total?: number;
  };
  options?: Record<string, unknown>;
  device?: unknown;
  modes?: { format: string; width: number; height: number; fps: number[] }[];
  settings?: { name: string; kind: string; value: unknown; min?: number; max?: number; step?: number }[];
}

export class HubClient {
  readonly origin: string;
  #cookie = "";
  private constructor(origin: string) {
    this.origin = origin;
  }

  /** Logs in with the link the hub prints, as a browser does: the answer sets a session cookie. */
  static async login(link: string): Promise<HubClient> {
    const client = new HubClient(new URL(link).origin);
    const response = await fetch(link, { redirect: "manual", signal: AbortSignal.timeout(60_000) });
    await response.body?.cancel();
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
    if (response.status !== 303 || cookies.length === 0) {
      throw new Error(
        `login by link answered ${response.status} with ${cookies.length} cookies, not 303 and a cookie`,
      );
    }
    client.#cookie = cookies.join("; ");
    return client;
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { cookie: this.#cookie, origin: this.origin, ...init.headers as Record<string, string> };
    return fetch(this.origin + path, {
      ...init,
      headers,
      signal: init.signal ?? AbortSignal.timeout(60_000),
    });
  }

  async text(path: string): Promise<string> {
    return await (await this.request(path)).text();
  }

  /** The JSON answer, whatever its status; a failed operation answers in JSON too. */
  async json<T = Record<string, unknown>>(path: string, method?: string, body?: unknown): Promise<T> {
    const init: RequestInit = { method: method ?? "GET" };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { "content-type": "application/json" };
    }
    const response = await this.request(path, init);
    const text = await response.text();
    try {
      return (text === "" ? {} : JSON.parse(text)) as T;
    } catch {
      throw new Error(`${path} answered ${response.status} with no JSON: ${text.slice(0, 200)}`);
    }
  }

  async cameras(): Promise<CameraView[]> {
    return (await this.json<{ cameras: CameraView[] }>("/api/cameras")).cameras;
  }

  camera(id: string): Promise<CameraView> {
    return this.json<CameraView>(`/api/cameras/${encodeURIComponent(id)}`);
  }

  operation(name: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.json(`/api/operations/${name}`, "POST", body);
  }

  /** Opens the live stream; the caller ends it by leaving the loop or through the signal. */
  async *stream(id: string, signal: AbortSignal): AsyncGenerator<Part> {
    const response = await this.request(`/api/cameras/${encodeURIComponent(id)}/stream`, { signal });
    if (response.status !== 200) {
      throw new Error(
        `stream of ${id} answered ${response.status}: ${(await response.text()).slice(0, 300)}`,
      );
    }
    const type = response.headers.get("content-type") ?? "";
    if (!type.startsWith("multipart/x-mixed-replace")) {
      throw new Error(`stream of ${id} has the type ${type}`);
    }
    yield* readParts(response);
  }

  /** The first pictures of the live stream; throws when they do not come in time. */
  async frames(id: string, count: number, timeoutMs: number): Promise<Part[]> {
    const parts: Part[] = [];
    for await (const part of this.stream(id, AbortSignal.timeout(timeoutMs))) {
      parts.push(part);
      if (parts.length >= count) break;
    }
    if (parts.length < count) {
      throw new Error(`the stream of ${id} ended after ${parts.length} of ${count} frames`);
    }
    return parts;
  }
}
