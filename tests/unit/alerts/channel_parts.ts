// What channels that speak HTTP are built with: they need neither browsers nor a broker.
import { Delivered } from "../../../src/alerts/channels/delivered.ts";
import type { ChannelParts } from "../../../src/alerts/channels/index.ts";
import type { PushDevices } from "../../../src/alerts/push_devices.ts";
import type { SendWeb } from "../../../src/protocols/http/web_request.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { Logger } from "../../../src/base/log.ts";

/** Parts with this way into the web and nothing else. */
export function partsWith(web: SendWeb): ChannelParts {
  const actions = {
    act: () => Promise.reject(new Error("No channel of these tests acts")),
    clock: systemClock,
    done: new Delivered(),
  };
  return { web, log: new Logger(() => {}, "error"), push: {} as PushDevices, broker: undefined, actions };
}
