// Searches for devices that could be added, and remembers which of them were.
import { useEffect, useState } from "preact/hooks";
import type { DiscoveredView, ProblemView } from "../src/operations/views.ts";
import { discoverDevices } from "./api.ts";
import { deviceKey, newDevicesFirst } from "./device_text.ts";
import { useAction } from "./use_action.ts";

/** What was found last. `devices` is absent before the first search has ended. */
export interface DeviceSearch {
  busy: boolean;
  devices: DiscoveredView[] | undefined;
  problem: ProblemView | undefined;
  start(): void;
  /** Notes that a device has become a camera. */
  mark(device: DiscoveredView, camera: string): void;
}

/** Searches whenever `wanted` becomes true. */
export function useDeviceSearch(wanted: boolean): DeviceSearch {
  const action = useAction();
  const [devices, setDevices] = useState<DiscoveredView[]>();
  const start = () => void action.run(async () => setDevices(newDevicesFirst(await discoverDevices())));
  useEffect(() => {
    if (wanted) start();
  }, [wanted]);
  const mark = (device: DiscoveredView, camera: string) => {
    const key = deviceKey(device);
    setDevices((all) => all?.map((each) => deviceKey(each) === key ? { ...each, camera_id: camera } : each));
  };
  return { busy: action.busy, devices, problem: action.problem, start, mark };
}
