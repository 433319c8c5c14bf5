// A journal with the routes that show it, and sockets whose other end is the test.
import { Hono } from "hono";
import { Logger } from "../../../src/base/log.ts";
import type { EventDraft } from "../../../src/events/event.ts";
import { Journal } from "../../../src/events/journal.ts";
import { apiRoutes } from "../../../src/http/api.ts";
import { eventRoutes, type EventSocket, type FollowOptions, serveEvents } from "../../../src/http/events.ts";
import type { GateEnv } from "../../../src/http/gate.ts";
import { OpenStreams } from "../../../src/http/open_streams.ts";
import { problemResponse } from "../../../src/http/problem.ts";
import type { EventMessage } from "../../../src/operations/event_views.ts";
import type { Hub } from "../../../src/operations/hub.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { until } from "../tools/processes.ts";

export interface Desk {
  journal: Journal;
  table: EventsTable;
  clock: FakeClock;
  lines: string[];
  app: Hono<GateEnv>;
  openStreams: OpenStreams;
  draft(change?: Partial<EventDraft>): EventDraft;
  /** Notes so many events and waits until they are written. */
  fill(count: number, change?: Partial<EventDraft>): Promise<void>;
  /** A follower over a socket of the test, open at once. */
  follow(options?: Partial<FollowOptions>): TestSocket;
}

/** The hub's end of a socket, as the test sees it. */
export class TestSocket implements EventSocket {
  readyState: EventSocket["readyState"] = WebSocket.OPEN;
  bufferedAmount = 0;
  onopen: WebSocket["onopen"] = null;
  onclose: WebSocket["onclose"] = null;
  onerror: WebSocket["onerror"] = null;
  readonly messages: EventMessage[] = [];
  closedWith: number | undefined;

  send(data: unknown): void {
    this.messages.push(JSON.parse(String(data)));
  }

  close(code?: number): void {
    this.closedWith = code;
    this.leave();
  }

  open(): void {
    this.onopen?.call(this as unknown as WebSocket, new Event("open"));
  }

  leave(): void {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.call(this as unknown as WebSocket, new CloseEvent("close"));
  }

  get changes(): number[] {
    return this.messages.flatMap((message) => message.op === "event" ? [message.change] : []);
  }
}

/** Runs a journal with its routes, does the work and stops. */
export async function withDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  const database = await Database.open(":memory:");
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "debug");
  const table = new EventsTable(database);
  const journal = new Journal({ table, clock, log });
  const openStreams = new OpenStreams();
  const app = new Hono<GateEnv>();
  app.onError((error) => problemResponse(error));
  app.use(async (c, next) => {
    c.set("principal", { user: "ann", role: "admin" });
    c.set("session", "token");
    await next();
  });
  const parts: Pick<Hub, "journal" | "clock"> = { journal, clock };
  app.route("/", apiRoutes(parts as Hub));
  app.route("/", eventRoutes({ hub: parts as Hub, log, openStreams }));
  const draft: Desk["draft"] = (change) => ({
    camera: "door",
    kind: "doorbell",
    source: "test",
    startedAtMs: clock.now(),
    ...change,
  });
  const stop = new AbortController();
  const running = journal.run(stop.signal);
  const sockets: TestSocket[] = [];
  try {
    await work({
      journal,
      table,
      clock,
      lines,
      app,
      openStreams,
      draft,
      fill: async (count, change) => {
        const end = (await journal.position()).change + count;
        for (let n = 0; n < count; n++) journal.record(draft(change));
        await until(async () => (await journal.position()).change === end);
      },
      follow: (options = {}) => {
        const socket = new TestSocket();
        sockets.push(socket);
        serveEvents(socket, journal, { clock, log, onEnd: () => {}, ...options });
        socket.open();
        return socket;
      },
    });
  } finally {
    for (const socket of sockets) socket.leave();
    stop.abort();
    await running;
    await database.close();
  }
}

/** The numbers from one to the other, both included. */
export const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
