// The rtsp driver against an emulated camera that is known by its address only.
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { type Rig, testConformance } from "./conformance.ts";

async function start(): Promise<Rig> {
  const rtsp = await RtspEmulator.start({ users: { eye: "secret" } });
  return {
    options: { stream_url: rtsp.url(), username: "eye", password: "secret" },
    expects: { capabilities: ["video"], info: { address: rtsp.url() } },
    settings: () => "",
    offline: () => rtsp.offline(),
    online: () => rtsp.online(),
    connections: () => 0,
    [Symbol.asyncDispose]: () => rtsp[Symbol.asyncDispose](),
  };
}

testConformance({ name: "RTSP", driver: rtspDriver, start });
