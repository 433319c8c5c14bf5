// The battery of cameras that have one: charge, modes, and the sections that its methods read and write.
import type { BatteryModel } from "./models/model.ts";
import type { JsonObject } from "./json.ts";
import type { Methods } from "./methods.ts";
import type { Modules } from "./settings.ts";

/** Settings of a battery as it comes out of the box. */
export function batterySections({ percent, modes }: BatteryModel): Modules {
  return {
    battery: {
      status: { battery_percent: percent, battery_charging: "NO", low_battery: percent < 20 },
      capability: { show_percentage: "1", power_save: "1", charging_mode: "1" },
      config: { show_on_liveview: "on", show_percentage: "on" },
      power: { power: "BATTERY" },
      power_save: { enabled: "off" },
      operating: { mode: modes[0] ?? "balanced", follow_config: false },
      operating_mode_param: { config_array: modes.map((mode) => ({ mode })) },
      charging_mode: { charging_privacy_mode: "off" },
    },
  };
}

/** What the sections cannot answer: the use of the last days. */
export function batteryMethods(): Methods {
  return {
    getBatteryStatistic: (): JsonObject => ({
      battery: { statistic: { wake_up_times: [4, 7, 3], working_minutes: [2, 5, 2] } },
    }),
  };
}
