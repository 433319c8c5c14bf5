// The rtsp driver against emulated cameras of every kind that is known by its address only.
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { HttpMjpegCamera } from "../emulators/http_mjpeg/camera.ts";
import { RtmpCamera } from "../emulators/rtmp/camera.ts";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { type Rig, testConformance } from "./conformance.ts";

const ACCOUNT = { username: "eye", password: "secret" };
const USERS = { eye: "secret" };

interface Camera extends AsyncDisposable {
  url(): string;
  online(): Promise<void> | void;
  offline(): Promise<void>;
}

function rig(camera: Camera, options: Record<string, unknown> = {}): Rig {
  return {
    options: { stream_url: camera.url(), ...options },
    expects: { capabilities: ["video"], info: { address: camera.url() } },
    settings: () => "",
    offline: () => camera.offline(),
    online: async () => await camera.online(),
    connections: () => 0,
    [Symbol.asyncDispose]: async () => await camera[Symbol.asyncDispose](),
  };
}

testConformance({
  name: "RTSP",
  driver: rtspDriver,
  start: async () => rig(await RtspEmulator.start({ users: USERS }), ACCOUNT),
});

testConformance({
  name: "RTMP",
  driver: rtspDriver,
  start: () => Promise.resolve(rig(RtmpCamera.start())),
});

testConformance({
  name: "MJPEG over HTTP",
  driver: rtspDriver,
  start: async () => rig(await HttpMjpegCamera.start({ login: { method: "digest", users: USERS } }), ACCOUNT),
});
