// What the tests of the session share: one with a small camera, and ways to make that camera misbehave.
import { Secret } from "../../../../src/base/secret.ts";
import { TapoSession, type TapoSessionOptions } from "../../../../src/protocols/tapo/session.ts";
import { FakeClock } from "../../../tools/fake_clock.ts";
import { type Json, MiniCamera, MiniGuard, MiniTransport, type Reply } from "./mini_camera.ts";

/** The fake clock's time. */
export const NOW_MS = Date.UTC(2026, 0, 1);
/** Never aborts. */
export const signal = new AbortController().signal;

/** A session with a small camera, none of it with a network. */
export function bench(options: Partial<TapoSessionOptions> = {}) {
  const camera = new MiniCamera();
  camera.methods.set("getLedStatus", () => ({ led: { config: { enabled: "on" } } }));
  camera.methods.set("getClockStatus", () => ({ system: { clock_status: { seconds_from_1970: 1 } } }));
  camera.methods.set("setLedStatus", () => ({}));
  const transport = new MiniTransport(camera);
  const guard = new MiniGuard();
  const clock = new FakeClock(NOW_MS);
  const session = new TapoSession({
    transport,
    guard,
    clock,
    password: new Secret(camera.password),
    ...options,
  });
  const ask = () => session.request("getLedStatus", { led: { name: ["config"] } }, signal);
  return { camera, transport, guard, clock, session, ask };
}

/** What the camera answers to `ask`. */
export const LED: Json = { led: { config: { enabled: "on" } } };
/** A reply as it is. */
export const reply = (body: Json | string, status = 200): Reply => ({ status, body });
/** A fault for the first message after a login. */
export const onMessage =
  (make: (camera: MiniCamera) => Reply) => (post: { path: string }, camera: MiniCamera) =>
    post.path === "/" ? undefined : make(camera);
