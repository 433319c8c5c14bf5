// The page of events as the server renders it: words for each kind, for an empty journal, and no inline style.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderToString } from "preact-render-to-string";
import { EVENT_TITLES } from "../../../islands/event_text.ts";
import { EVENT_KINDS } from "../../../src/events/event.ts";
import type { EventPageView, EventView } from "../../../src/operations/event_views.ts";
import type { CameraView } from "../../../src/operations/views.ts";
import { eventsPage } from "../../../src/web/events_page.tsx";
import { renderPage } from "../../../src/web/layout.tsx";

const CAMERAS = [{ id: "door", name: "Front door" }, { id: "yard", name: "Yard" }] as CameraView[];

async function render(events: Partial<EventView>[], query = {}, more = false): Promise<string> {
  const page: EventPageView = {
    events: events.map((each, i) => ({
      seq: 100 - i,
      change: 100 - i,
      camera_id: "door",
      kind: "motion",
      source: "onvif",
      started_at: new Date().toISOString(),
      count: 1,
      active: false,
      duration_s: 0,
      ...each,
    })),
    change: 100,
    oldest: 0,
    more,
  };
  const props = await eventsPage(query, { cameras: () => CAMERAS, events: () => Promise.resolve(page) });
  return renderToString(<>{props.children}</>).replaceAll("\u00a0", " ");
}

Deno.test("eventsPage: says of each event when, what, where and for how long", async () => {
  const html = await render([
    { kind: "person", active: true, count: 3 },
    { kind: "motion", duration_s: 75, details: { closed_by: "timeout" } },
    {
      kind: "camera_state",
      duration_s: 5,
      details: { status: "offline", reason: "Pulled out", from: "online" },
    },
    { kind: "doorbell", camera_id: "gone" },
    { kind: "gap", details: { reason: "The subscription was lost" } },
  ]);
  for (
    const part of [
      "Person</span>",
      "going on for 0 s",
      "reported 3 times",
      "lasted 1 min",
      "its end was not reported",
      "Offline</span>",
      "Pulled out",
      "lasted 5 s",
      "<span>gone (removed)</span>",
      "Events missed</span>",
      "The subscription was lost",
      'href="/cameras/door">Front door</a>',
      '<ol class="events" aria-label="Events, newest first">',
    ]
  ) assertStringIncludes(html, part);
  assertEquals([html.match(/<li/g)?.length, html.includes("Show older")], [5, false]);
});

Deno.test("[EVENTS-KINDS] eventsPage: what the hub and its users do is told in plain words", async () => {
  const from = { user: "ann", address: "192.168.1.5", way: "password" };
  const html = await render([
    { kind: "login", details: { ...from, outcome: "success" } },
    { kind: "login", count: 7, details: { outcome: "refused", address: "fd00::1", way: "token" } },
    {
      kind: "login",
      details: { outcome: "throttled", user: "several", address: "several", way: "password" },
    },
    { kind: "config_change", details: { what: "camera added", user: "ann", fields: "id, type" } },
    { kind: "config_change", details: { what: "camera changed", user: "ann", fields: "name, options" } },
    { kind: "config_change", details: { what: "configuration reloaded", added: "yard" } },
    {
      kind: "config_change",
      details: { what: "privacy mode set", user: "bob", fields: "enabled", enabled: true },
    },
    { kind: "alarm", details: { what: "siren sounded", user: "token:robot" } },
    { kind: "recording", details: { recording: "x", parts: 1, bytes: 5_000_000, because: "camera_lost" } },
    { kind: "recording", details: { recording: "y", parts: 0, because: "failed", error: "No picture came" } },
    { kind: "recording", active: true, details: { recording: "z" } },
    { kind: "person", details: { score: 0.87, zone: "gate" }, snapshot: "/api/events/5/snapshot" },
  ]);
  for (
    const part of [
      "Login</span>",
      "ann from 192.168.1.5",
      "with a password",
      "Login refused</span>",
      "unknown user from fd00::1",
      "tried 7 times",
      "Login held back</span>",
      "several users from several addresses",
      "camera added by ann",
      "changed: name, options",
      "configuration reloaded",
      "new: yard",
      "privacy mode set by bob",
      "<span>on</span>",
      "Siren</span>",
      "siren sounded by token:robot",
      "5.0 MB",
      "the camera was lost",
      "nothing was recorded",
      "No picture came",
      "87 % sure",
      "zone gate",
      '<a class="event-picture" href="/api/events/5/snapshot" aria-label="Picture: Person"',
      '<optgroup label="Noticed by cameras">',
      '<option value="config_change">Settings changed</option>',
    ]
  ) assertStringIncludes(html, part);
});

Deno.test("eventsPage: an empty journal and an empty choice say so, each with its way on", async () => {
  assertStringIncludes(await render([]), "Nothing has happened yet");
  const chosen = await render([], { camera: "yard" });
  assertStringIncludes(chosen, "No such events");
  assertStringIncludes(chosen, "Show all events");
});

Deno.test("eventsPage: what the address chooses is chosen; what is none of the choices is left out", async () => {
  const chosen = await render([{}], { camera: "removed", kind: "pet" });
  assert(
    /<option selected[^>]*value="removed"|<option[^>]*value="removed"[^>]*selected/.test(chosen),
    chosen,
  );
  assert(/<option selected[^>]*value="pet"|<option[^>]*value="pet"[^>]*selected/.test(chosen), chosen);
  const odd = await render([{}], { kind: "constructor", x: "1" });
  assert(!/selected[^>]*value="[^"]/.test(odd));
});

Deno.test("eventsPage: older events are offered where there are some", async () => {
  assertStringIncludes(await render([{}], {}, true), "Show older events");
});

Deno.test("eventsPage: the whole page holds no inline style and no inline handler", async () => {
  const props = await eventsPage({}, {
    cameras: () => CAMERAS,
    events: () => Promise.resolve({ events: [], change: 0, oldest: 0, more: false }),
  });
  const html = renderPage(props);
  assert(!/ style=| on[a-z]+=/.test(html), html);
  assertStringIncludes(html, 'data-island="EventList"');
});

Deno.test("EVENT_TITLES: there is a name for each kind", () => {
  assertEquals(Object.keys(EVENT_TITLES).sort(), [...EVENT_KINDS].sort());
});
