// What previews ask before they say what would be done.
import type { Capabilities } from "../devices/device.ts";
import type { OperationContext } from "./operation.ts";

/**
 * Says what would be done to a camera, once it is sure that the camera is there and can do it.
 * @throws HubError as `DeviceManager.require` does.
 */
export async function wouldDo(
  { hub, signal }: OperationContext,
  cameraId: string,
  capability: keyof Capabilities,
  what: string,
): Promise<string> {
  await hub.manager.requireSoon(cameraId, capability, signal);
  return what;
}
