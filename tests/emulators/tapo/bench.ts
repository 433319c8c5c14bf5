// A device by itself, without network, on a clock that stands still: for tests of what it does.
import { TapoDevice } from "./device.ts";
import { identityOf } from "./identity.ts";
import type { JsonObject } from "./json.ts";
import type { TapoModel } from "./models/index.ts";
import { VendorError } from "./vendor_error.ts";

/** 14 March 2026, 23:30 in Berlin. */
export const START_MS = Date.UTC(2026, 2, 14, 22, 30);

/** `call` gives the result of a method, or its error code. `clock.nowMs` is moved by hand. */
export function bench(model: TapoModel, clockSkewS = 0) {
  const clock = { nowMs: START_MS, changes: 0 };
  const device = new TapoDevice({
    model,
    clockSkewS,
    identity: identityOf(model.model, "Bench"),
    host: "127.0.0.1",
    cameraUser: "viewer",
    now: () => clock.nowMs,
    onChange: () => clock.changes++,
  });
  // The clock stands still.
  if (device.motor) device.motor.speedDegreesPerS = Infinity;
  const call = (method: string, params: JsonObject = {}): JsonObject | number => {
    try {
      return device.call(method, params);
    } catch (error) {
      if (error instanceof VendorError) return error.code;
      throw error;
    }
  };
  return { device, clock, call };
}
