// Playing several cameras along one time, with stand-ins for the browser's video elements.
import { assert, assertEquals } from "@std/assert";
import { PanePlayer, type Video } from "../../../islands/pane_player.ts";
import { nextMoment, type Pane } from "../../../islands/playback.ts";
import { nearest, type PlaceView } from "../../../islands/timeline_client.ts";

/** What a browser's element does when it is told to, at once. */
class Element implements Video {
  src = "";
  currentTime = 0;
  paused = true;
  seeking = false;
  readyState = 4;
  playbackRate = 1;
  error = null;
  play(): Promise<void> {
    this.paused = false;
    return Promise.resolve();
  }
  pause(): void {
    this.paused = true;
  }
  load(): void {
    this.currentTime = 0;
  }
}

const file = (id: string, fromMs: number, lengthMs: number) => ({
  id,
  started_at: new Date(fromMs).toISOString(),
  ended_at: new Date(fromMs + lengthMs).toISOString(),
  duration_s: lengthMs / 1000,
  locked: false,
  links: { video: `/${id}`, download: `/${id}?download` },
});
const FILES = [file("a", 10_000, 5000), file("b", 15_040, 5000), file("c", 60_000, 5000)];

function place(atMs: number): PlaceView {
  const index = FILES.findIndex(({ started_at, ended_at }) =>
    Date.parse(started_at) <= atMs && atMs < Date.parse(ended_at)
  );
  const next = FILES.find(({ started_at }) => Date.parse(started_at) > atMs);
  return {
    camera_id: "door",
    at: new Date(atMs).toISOString(),
    ...(index < 0 ? {} : { recording: FILES[index]! }),
    ...(next ? { next } : {}),
  };
}

function pane() {
  const asked: number[] = [];
  const player = new PanePlayer({
    locate: (atMs) => {
      asked.push(atMs);
      return Promise.resolve(place(atMs));
    },
    onChange: () => {},
  });
  const videos = [new Element(), new Element()] as const;
  player.attach(videos);
  /** Shows a moment until what was asked meanwhile is answered. */
  const show = async (atMs: number, isPlaying = false) => {
    for (let turn = 0; turn < 3; turn++) {
      player.show({ atMs, isPlaying, rate: 1 });
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const video = videos[player.front];
    return `${player.state} ${video.src} ${video.currentTime}${video.paused ? "" : " plays"}`;
  };
  return { player, videos, show, asked };
}

Deno.test("PanePlayer: tells which file is shown, and notes that it was locked", async () => {
  const { player, show } = pane();
  assertEquals(player.shown, undefined);
  await show(11_000);
  assertEquals([player.shown?.id, player.shown?.isLocked], ["a", false]);
  player.noteLock("b", true);
  assertEquals(player.shown?.isLocked, false);
  player.noteLock("a", true);
  assertEquals(player.shown?.isLocked, true);
  await show(30_000);
  assertEquals(player.shown, undefined);
});

Deno.test("PanePlayer: finds the file of a moment, has the next one ready, and goes over to it without asking", async () => {
  const { player, videos, show, asked } = pane();
  assertEquals(await show(12_000), "ready /a 2");
  assertEquals([player.atMs, player.nextMs, asked.length], [12_000, 15_040, 1]);
  assertEquals(await show(12_000, true), "ready /a 2 plays");
  assertEquals(videos[1].src, "/b");
  // Not put right while it is as good as there.
  videos[0].currentTime = 2.3;
  assertEquals(await show(12_100, true), "ready /a 2.3 plays");
  // The pause of 40 ms between two files.
  assertEquals((await show(15_020, true)).split(" ")[0], "none");
  assertEquals(asked.length, 1);
  assertEquals(await show(15_040, true), "ready /b 0 plays");
  assertEquals([player.front, videos[0].paused], [1, true]);
});

Deno.test("PanePlayer: says where nothing was recorded, asks once for it, and knows what comes after", async () => {
  const { player, show, asked } = pane();
  assertEquals((await show(30_000)).split(" ")[0], "none");
  assertEquals([player.nextMs, asked.length], [60_000, 1]);
  await show(31_000);
  assertEquals(asked.length, 1);
  assertEquals((await show(90_000)).split(" ")[0], "none");
  assertEquals(player.nextMs, undefined);
  player.attach(undefined);
  assertEquals(player.atMs, undefined);
});

const stand = (change: Partial<Pane>): Pane => ({
  state: "none",
  atMs: undefined,
  nextMs: undefined,
  show: () => {},
  ...change,
});

Deno.test("nextMoment: follows the picture, waits for one that loads, jumps over gaps, ends at the end", () => {
  const tick = (panes: Pane[], rate = 1) => nextMoment({ panes, atMs: 1000, elapsedMs: 100, rate });
  assertEquals(tick([stand({ state: "ready", atMs: 1090 })]), 1090);
  // The last picture of a file stands still.
  assertEquals(tick([stand({ state: "ready", atMs: 990 })]), 1100);
  assertEquals(tick([stand({ state: "ready", atMs: 990 })], 4), 1400);
  assertEquals(tick([stand({ state: "ready", atMs: 1090 }), stand({ state: "loading" })]), 1000);
  assertEquals(tick([stand({}), stand({ state: "ready", atMs: 1080 })]), 1080);
  assertEquals(tick([stand({ nextMs: 9000 }), stand({ nextMs: 5000 })]), 5000);
  assertEquals(tick([stand({ nextMs: 900 })]), undefined);
  assertEquals(tick([]), undefined);
});

Deno.test("nearest: the next or last event, or the piece of time in which it was counted", () => {
  const lane = (events: [kind: string, atMs: number][], pieces: number[] = []) => ({
    camera_id: "door",
    recorded: [],
    gaps: [],
    events: events.map(([kind, atMs], seq) => ({ seq, kind, from: new Date(atMs).toISOString() })),
    density: pieces.map((atMs) => ({ from: new Date(atMs).toISOString(), counts: { motion: 3 } })),
  });
  const told = {
    from: "",
    to: "",
    cameras: [lane([["motion", 1000], ["person", 3000]]), lane([["pet", 2500]])],
  };
  assertEquals(nearest(told, 2000, 1), { camera: "door", kind: "pet", atMs: 2500 });
  assertEquals(nearest(told, 2500, 1), { camera: "door", kind: "person", atMs: 3000 });
  assertEquals(nearest(told, 2500, -1), { camera: "door", kind: "motion", atMs: 1000 });
  assertEquals(nearest(told, 3000, 1), undefined);
  const counted = { ...told, bucket_s: 10, cameras: [lane([], [20_000, 40_000])] };
  assertEquals(nearest(counted, 5000, 1), { fromMs: 20_000, toMs: 30_000 });
  assertEquals(nearest(counted, 90_000, -1), { fromMs: 40_000, toMs: 50_000 });
  assert(nearest({ ...counted, cameras: [] }, 0, 1) === undefined);
});
