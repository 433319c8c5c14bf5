// A house on paper: facts for the tests of metrics.
import { Logger } from "../../../src/base/log.ts";
import type { CameraFacts } from "../../../src/metrics/camera_facts.ts";
import { Metrics } from "../../../src/metrics/metrics.ts";
import { Schedule } from "../../../src/metrics/schedule.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

export function cameraFacts(change: Partial<CameraFacts> = {}): CameraFacts {
  return {
    id: "door",
    name: "Front door",
    kind: "tapo",
    status: "online",
    info: { address: "192.168.1.20", model: "C210", firmware: "1.3.6" },
    probe: { tookMs: 12.34, ok: 40, failed: 2 },
    isMotionActive: true,
    isWatchedByHub: true,
    isCovered: false,
    isRecording: true,
    stream: {
      viewers: 2,
      lanes: [{ quality: "main", isRunning: true, fps: 14.96 }, { quality: "sub", isRunning: false }],
      newestAtMs: 1_767_225_600_000,
      framesTotal: 900,
      droppedTotal: 3,
      damagedTotal: 1,
      receivedBytes: 5_000_000,
      sentBytes: 9_000_000,
      restartsTotal: 1,
    },
    ...change,
  };
}

/** Metrics over a list of cameras that the test changes. */
export function metricsOf(cameras: CameraFacts[]): { metrics: Metrics; clock: FakeClock } {
  const clock = new FakeClock();
  const log = new Logger(() => {}, "error");
  const metrics = new Metrics();
  metrics.join({
    clock,
    cameras: () => cameras,
    hub: () => ({
      version: "1.2.3",
      startedAtMs: clock.now(),
      loopLagMs: 1,
      loopLagMaxMs: 5,
      warnings: 0,
      mcpSessions: 3,
      isMqttConnected: undefined,
      timers: [{ name: "Eggs", leftMs: 90_500 }],
    }),
    schedule: new Schedule({ clock, log, collectors: () => [], intervalMs: () => 30_000 }),
  });
  return { metrics, clock };
}
