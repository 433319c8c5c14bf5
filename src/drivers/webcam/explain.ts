// Says in words why a V4L2 device refuses, and what to do. The texts are those of the kernel's errors, LC_ALL=C.
import { HubError } from "../../base/errors.ts";
import type { ProcessExit } from "../../process/launcher.ts";

interface Cause {
  pattern: RegExp;
  explain: (node: string) => HubError;
}

const CAUSES: readonly Cause[] = [
  {
    pattern: /Device or resource busy/,
    explain: (node) =>
      new HubError("unavailable", `${node} is in use by another program`, {
        hint:
          `Close the program that holds the camera; "fuser -v ${node}" names it. The hub tries again by itself`,
        details: { errno: "EBUSY" },
      }),
  },
  {
    pattern: /No space left on device/,
    explain: (node) =>
      new HubError("unavailable", `The USB bus has no bandwidth left for ${node}`, {
        hint:
          "Give this camera a smaller size or rate, or the format mjpeg, or plug it into a port of another USB controller",
        details: { errno: "ENOSPC" },
      }),
  },
  {
    pattern: /Permission denied|Operation not permitted/,
    explain: (node) =>
      new HubError("unavailable", `The hub may not open ${node}`, {
        hint:
          'Add the hub\'s user to the group "video" (sudo usermod -aG video USER) and start the hub again',
        details: { errno: "EACCES" },
      }),
  },
  {
    // A cable pulled at the wrong moment makes the kernel say EINVAL instead of ENODEV.
    pattern: /No such device|No such file or directory|Cannot open device|VIDIOC_DQBUF\): Invalid argument/,
    explain: unplugged,
  },
  {
    pattern: /Inappropriate ioctl|not a video capture device/,
    explain: (node) =>
      new HubError("unsupported", `${node} gives no pictures`, {
        hint: "Choose the camera's other node: a webcam has one for pictures and one for metadata",
      }),
  },
  {
    pattern: /Input\/output error|Connection timed out|Protocol error/,
    explain: (node) =>
      new HubError("unavailable", `${node} stopped answering on the USB bus`, {
        hint: "Check the cable and the power supply; unplug the camera and plug it in again",
        details: { errno: "EIO" },
      }),
  },
];

/** The error for a camera that is not plugged in. */
export function unplugged(path: string): HubError {
  return new HubError("unavailable", `The camera is unplugged: ${path} is not there`, {
    hint: "Plug it in again; the hub goes on by itself",
    details: { errno: "ENODEV" },
  });
}

/** Translates what ffmpeg or v4l2-ctl left when it ended. */
export function explainNodeError(node: string, exit: ProcessExit): HubError {
  // The last lines tell the cause; earlier ones may be warnings.
  for (const line of [...exit.stderr].reverse()) {
    const cause = CAUSES.find(({ pattern }) => pattern.test(line) && !/VIDIOC_QBUF/.test(line));
    if (cause) return cause.explain(node);
  }
  return new HubError("unavailable", `Reading ${node} ended`, {
    hint: exit.stderr.at(-1) ?? "The hub tries again by itself",
    details: { exit_code: exit.code, signal: exit.signal, stderr: exit.stderr },
  });
}
