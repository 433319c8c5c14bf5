// One HTTP viewer: each style of browser gets its parts, a slow one gets no more than it asks for, and leaving frees.
import { assert, assertEquals } from "@std/assert";
import { FrameHub } from "../../../src/media/frame_hub.ts";
import { MjpegViewer, type PartStyle, partStyleFor } from "../../../src/media/mjpeg_viewer.ts";
import { ADVANCE_HEADER, ADVANCE_TRAILER } from "../../../src/protocols/mpjpeg/part.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";

const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36";
const AGENTS: [string, string, PartStyle][] = [
  ["Chrome", CHROME, "advance"],
  ["Chrome on Android", CHROME.replace("X11; Linux x86_64", "Linux; Android 14"), "advance"],
  ["Edge", `${CHROME} Edg/130.0.0.0`, "advance"],
  ["headless Chromium", CHROME.replace("Chrome/", "HeadlessChrome/"), "advance"],
  ["Chromium", CHROME.replace("Chrome/", "Chromium/"), "advance"],
  [
    "Safari",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "repeat",
  ],
  [
    "Chrome on iOS, which is WebKit",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0 Mobile/15E148 Safari/604.1",
    "repeat",
  ],
  ["Firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "plain"],
  ["ffmpeg", "Lavf/59.27.100", "plain"],
  ["curl", "curl/7.88.1", "plain"],
  ["nothing", "", "plain"],
];
for (const [name, agent, style] of AGENTS) {
  Deno.test(`partStyleFor: ${name} gets ${style}`, () => assertEquals(partStyleFor(agent), style));
}

function watch(style: PartStyle, fps?: number) {
  const clock = new FakeClock();
  const hub = new FrameHub();
  let ended = 0;
  const viewer = new MjpegViewer({ hub, clock, style, fps, onEnd: () => ended++ });
  const publish = () => hub.publish({ bytes: new Uint8Array(50).fill(1), width: 1, height: 1 }, clock.now());
  return { clock, hub, viewer, publish, ended: () => ended };
}

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** Starts a read and says whether it has come to an end. */
function read(reader: Reader) {
  const state: { chunk?: Uint8Array<ArrayBuffer> | undefined; done?: boolean } = {};
  const settled = reader.read().then(({ value, done }) => Object.assign(state, { chunk: value, done }));
  return { state, settled };
}

Deno.test("MjpegViewer: plain sends each frame as the part that all viewers share", async () => {
  const { viewer, publish } = watch("plain");
  const reader = viewer.body.getReader();
  const first = read(reader);
  const frame = publish();
  await first.settled;
  assert(first.state.chunk === frame.part);
  const second = read(reader);
  await settle();
  assertEquals(second.state, {});
  const next = publish();
  await second.settled;
  assert(second.state.chunk === next.part);
  viewer.close();
});

Deno.test("MjpegViewer: advance opens the first part at once and each next one right behind a picture", async () => {
  const { viewer, publish } = watch("advance");
  const reader = viewer.body.getReader();
  const opening = read(reader);
  await opening.settled;
  assertEquals(opening.state.chunk, ADVANCE_HEADER);
  const picture = read(reader);
  const trailer = read(reader);
  await settle();
  assertEquals([picture.state, trailer.state], [{}, {}]);
  const frame = publish();
  await Promise.all([picture.settled, trailer.settled]);
  assert(picture.state.chunk === frame.bytes);
  assertEquals(trailer.state.chunk, ADVANCE_TRAILER);
  viewer.close();
});

Deno.test("MjpegViewer: repeat sends the last picture again after a pause, once", async () => {
  const { viewer, publish, clock } = watch("repeat");
  const reader = viewer.body.getReader();
  const first = read(reader);
  const frame = publish();
  await first.settled;
  const repeated = read(reader);
  await clock.advance(499);
  assertEquals(repeated.state, {});
  await clock.advance(1);
  await repeated.settled;
  assert(repeated.state.chunk === frame.part);
  const third = read(reader);
  await clock.advance(5000);
  assertEquals(third.state, {});
  const next = publish();
  await third.settled;
  assert(third.state.chunk === next.part);
  assertEquals(viewer.figures.frames, 2);
  viewer.close();
  await settle();
  assertEquals(clock.sleeping, 0);
});

Deno.test("MjpegViewer: repeat sends nothing twice while pictures come, and nothing before the first", async () => {
  const { viewer, publish, clock } = watch("repeat");
  const reader = viewer.body.getReader();
  const first = read(reader);
  await clock.advance(2000);
  assertEquals(first.state, {});
  const parts: unknown[] = [];
  publish();
  await first.settled;
  parts.push(first.state.chunk);
  for (let i = 0; i < 5; i++) {
    const next = read(reader);
    await clock.advance(400);
    publish();
    await next.settled;
    parts.push(next.state.chunk);
  }
  assertEquals(new Set(parts).size, 6);
  viewer.close();
});

for (const style of ["plain", "advance", "repeat"] as const) {
  Deno.test(`MjpegViewer: ${style}: who never reads is sent nothing and holds nothing`, async () => {
    const { viewer, publish, clock } = watch(style);
    for (let i = 0; i < 100; i++) {
      publish();
      await clock.advance(40);
    }
    assertEquals([viewer.figures.frames, viewer.figures.bytes], [0, 0]);
    viewer.close();
  });

  Deno.test(`MjpegViewer: ${style}: who reads once and then stops gets what was asked for, and drops count`, async () => {
    const { viewer, publish, clock } = watch(style);
    const reader = viewer.body.getReader();
    if (style === "advance") await reader.read();
    const first = read(reader);
    publish();
    await first.settled;
    if (style === "advance") await reader.read();
    for (let i = 0; i < 100; i++) {
      publish();
      await clock.advance(40);
    }
    assertEquals(viewer.figures.frames, 1);
    const second = read(reader);
    await second.settled;
    assertEquals([viewer.figures.frames, viewer.figures.dropped], [2, 99]);
    viewer.close();
  });

  Deno.test(`MjpegViewer: ${style}: a reader that cancels frees everything, once`, async () => {
    const { viewer, publish, clock, ended } = watch(style);
    const reader = viewer.body.getReader();
    if (style === "advance") await reader.read();
    const waiting = read(reader);
    await settle();
    await reader.cancel();
    await waiting.settled;
    assertEquals(waiting.state.done, true);
    publish();
    viewer.close();
    await settle();
    assertEquals([ended(), viewer.figures.frames, clock.sleeping], [1, 0, 0]);
  });

  Deno.test(`MjpegViewer: ${style}: close ends the body for its reader, once`, async () => {
    const { viewer, publish, ended } = watch(style);
    const reader = viewer.body.getReader();
    if (style === "advance") await reader.read();
    const waiting = read(reader);
    await settle();
    viewer.close();
    viewer.close();
    await waiting.settled;
    publish();
    assertEquals([waiting.state.done, ended(), (await reader.read()).done], [true, 1, true]);
  });
}

Deno.test("MjpegViewer: a limit of frames per second holds", async () => {
  const { viewer, publish, clock } = watch("plain", 5);
  const reader = viewer.body.getReader();
  let parts = 0;
  const reading = (async () => {
    while (!(await reader.read()).done) parts++;
  })();
  for (let i = 0; i < 250; i++) {
    publish();
    await clock.advance(40);
  }
  viewer.close();
  await reading;
  assert(parts >= 45 && parts <= 57, `${parts} parts in 10 s`);
});
