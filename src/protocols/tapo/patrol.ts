// The patrol: the camera visits its positions in turn.
import type { TapoCaller } from "./caller.ts";
import { onOff } from "./values.ts";

/**
 * Starts or stops the patrol. Cameras give no plain answer to whether it runs, so that nothing can be read back.
 * @throws HubError `device_rejected` under privacy mode.
 */
export async function setPatrol(caller: TapoCaller, isOn: boolean, signal: AbortSignal): Promise<void> {
  const params = { patrol: { set_patrol_status: { value: onOff(isOn) } } };
  await caller.request("setPatrolStatus", params, signal);
}
