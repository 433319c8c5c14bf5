import { assertEquals } from "@std/assert";
import type { Camera } from "../../../src/devices/camera.ts";
import { FrameHub } from "../../../src/media/frame_hub.ts";
import { Standby, type StandbyContext } from "../../../src/recordings/standby.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

function scene() {
  const clock = new FakeClock();
  const hub = new FrameHub();
  const state = { holders: 0, capabilities: {} as Record<string, unknown>, hasLane: true };
  const frames = {
    hub,
    acquire: () => {
      state.holders++;
      return () => void state.holders--;
    },
  };
  const lane = { video: { framing: "jpeg" }, frames };
  const media = {
    find: () => state.hasLane ? { main: lane } : undefined,
  } as unknown as StandbyContext["media"];
  const camera = { id: "cam", device: { capabilities: state.capabilities } } as unknown as Camera;
  return { clock, hub, state, standby: new Standby(camera, { media, clock }) };
}

Deno.test("[REC-PREROLL] Standby: holds an armed camera's stream once, and lets go of it", async () => {
  const { clock, hub, state, standby } = scene();
  assertEquals([standby.keptMs, state.holders], [undefined, 0]);
  standby.adapt(5000);
  standby.adapt(5000);
  assertEquals([standby.keptMs, state.holders, hub.earlier.wantedMs], [0, 1, 5000]);
  hub.publish({ bytes: new Uint8Array(4), width: 1, height: 1 }, 0, clock.monotonic());
  await clock.advance(2000);
  assertEquals(standby.keptMs, 2000);
  standby.adapt(8000);
  assertEquals([state.holders, hub.earlier.wantedMs, standby.keptMs], [1, 8000, 2000]);
  standby.adapt(0);
  assertEquals([standby.keptMs, state.holders, hub.earlier.wantedMs, hub.earlier.bytes], [
    undefined,
    0,
    0,
    0,
  ]);
});

Deno.test("[REC-PREROLL] Standby: a camera with a battery is not held open, nor one that is away", () => {
  const { state, standby } = scene();
  standby.adapt(5000);
  state.capabilities["power"] = {};
  standby.adapt(5000);
  assertEquals([standby.keptMs, state.holders, standby.isSpared], [undefined, 0, true]);
  delete state.capabilities["power"];
  standby.adapt(5000);
  state.hasLane = false;
  standby.adapt(5000);
  assertEquals([standby.keptMs, state.holders], [undefined, 0]);
});
