// Asks a camera, now and then, what only it knows.
import type { Device } from "../devices/device.ts";
import { type Sample, sampleOf } from "./sample.ts";
import type { Collector } from "./schedule.ts";

/** A camera with its open device, if there is one. */
export interface AskedCamera {
  readonly id: string;
  readonly device: Device | undefined;
  /** Takes what the device said of its lens. */
  noteCovered(device: Device, isCovered: boolean | undefined): void;
}

/** One for each camera that can be asked; of those on batteries none: they would be woken again and again. */
export function controlCollectors(cameras: readonly AskedCamera[]): Collector[] {
  return cameras.flatMap((camera) => {
    const { device } = camera;
    if (!device) return [];
    const { privacy, motion, storage, radio, power } = device.capabilities;
    if (power || !(privacy || motion || storage || radio)) return [];
    return [{
      name: "camera",
      camera: camera.id,
      subject: device,
      collect: (signal: AbortSignal) => ask(camera, device, signal),
    }];
  });
}

/** @throws what the device throws, once all has been asked. */
async function ask(camera: AskedCamera, device: Device, signal: AbortSignal): Promise<Sample[]> {
  const { privacy, motion, storage, radio } = device.capabilities;
  const [isCovered, setup, media, signalDbm] = await Promise.all([
    privacy?.read(signal),
    motion?.read(signal),
    storage?.media(signal),
    radio?.signalDbm(signal),
  ]);
  if (privacy) camera.noteCovered(device, isCovered);
  const labels = { camera: camera.id };
  const sized =
    media?.filter(({ totalBytes, freeBytes }) => totalBytes !== undefined && freeBytes !== undefined) ?? [];
  const sum = (of: (medium: typeof sized[number]) => number | undefined) =>
    sized.length === 0 ? undefined : sized.reduce((total, medium) => total + (of(medium) ?? 0), 0);
  const totalBytes = sum((medium) => medium.totalBytes);
  const freeBytes = sum((medium) => medium.freeBytes);
  const usedBytes = totalBytes === undefined || freeBytes === undefined ? undefined : totalBytes - freeBytes;
  return [
    ...sampleOf("tapocam_camera_motion_detection_enabled", labels, setup?.enabled),
    ...sampleOf("tapocam_camera_signal_dbm", labels, signalDbm),
    ...sampleOf("tapocam_camera_storage_used_bytes", labels, usedBytes),
    ...sampleOf("tapocam_camera_storage_total_bytes", labels, totalBytes),
  ];
}
