// Names of webcams: ids from stable paths, the list of CSI cameras, and the driver's own options.
import { NetworkGuard } from "../../../../src/base/network.ts";
import { LoginTurns } from "../../../../src/devices/login_turns.ts";
import { SessionSlots } from "../../../../src/devices/session_slots.ts";
import { Shared } from "../../../../src/devices/shared.ts";
import { VolatileMemory } from "../../../../src/devices/memory.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { Logger } from "../../../../src/base/log.ts";
import { parseCsiList } from "../../../../src/drivers/webcam/csi.ts";
import { idFromPath, webcamDriver } from "../../../../src/drivers/webcam/driver.ts";
import { webcamOptions } from "../../../../src/drivers/webcam/options.ts";
import { Launcher } from "../../../../src/process/launcher.ts";
import { rpicamArgs } from "../../../../src/process/rpicam_args.ts";
import { idSchema } from "../../../../src/config/schema.ts";
import { FakeClock } from "../../../tools/fake_clock.ts";

const PATHS: [string, string][] = [
  ["/dev/v4l/by-id/usb-Acme_Cam_SN1-video-index0", "acme-cam-sn1"],
  ["/dev/v4l/by-id/usb-Acme_Cam_SN1-video-index2", "acme-cam-sn1-2"],
  ["/dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920_2A6B7C8D-video-index0", "046d-hd-pro-webcam-c920-2a6b7c8d"],
  [
    "/dev/v4l/by-path/platform-xhci-hcd.0-usb-0:1.2:1.0-video-index0",
    "platform-xhci-hcd-0-usb-0-1-2-1-0",
  ],
  ["/dev/video0", "video0"],
  ["/dev/video12", "video12"],
];
for (const [path, id] of PATHS) {
  Deno.test(`idFromPath: ${path} becomes ${id}`, () => {
    assertEquals(idFromPath(path), id);
    assertEquals(idSchema.safeParse(idFromPath(path)).success, true);
  });
}

Deno.test("idFromPath: a very long name still gives an id, and two nodes of one device differ", () => {
  const long = `/dev/v4l/by-id/usb-${"Very_Long_Name_".repeat(20)}-video-index`;
  for (const index of [0, 1, 10]) {
    assertEquals(idSchema.safeParse(idFromPath(`${long}${index}`)).success, true);
  }
  assertEquals(new Set([0, 1, 2].map((index) => idFromPath(`${long}${index}`))).size, 3);
});

const CSI_LIST = `Available cameras
-----------------
0 : imx708_wide [4608x2592 10-bit RGGB] (/base/axi/pcie@1000120000/rp1/i2c@88000/imx708@1a)
    Modes: 'SRGGB10_CSI2P' : 1536x864 [120.13 fps - (768, 432)/3072x1728 crop]
                             2304x1296 [56.03 fps - (0, 0)/4608x2592 crop]
                             4608x2592 [14.35 fps - (0, 0)/4608x2592 crop]

1 : ov5647 [2592x1944 10-bit GBRG] (/base/axi/pcie@1000120000/rp1/i2c@80000/ov5647@36)
    Modes: 'SGBRG10_CSI2P' : 640x480 [58.92 fps - (16, 0)/2560x1920 crop]
                             1920x1080 [32.81 fps - (348, 434)/1928x1080 crop]
`;

Deno.test("parseCsiList: reads cameras and modes as rpicam-hello prints them", () => {
  assertEquals(parseCsiList(CSI_LIST), [
    {
      index: 0,
      sensor: "imx708_wide",
      path: "/base/axi/pcie@1000120000/rp1/i2c@88000/imx708@1a",
      modes: [
        { width: 1536, height: 864, fps: 120.13 },
        { width: 2304, height: 1296, fps: 56.03 },
        { width: 4608, height: 2592, fps: 14.35 },
      ],
    },
    {
      index: 1,
      sensor: "ov5647",
      path: "/base/axi/pcie@1000120000/rp1/i2c@80000/ov5647@36",
      modes: [{ width: 640, height: 480, fps: 58.92 }, { width: 1920, height: 1080, fps: 32.81 }],
    },
  ]);
});

Deno.test("parseCsiList: without cameras the list is empty", () => {
  assertEquals(parseCsiList("No cameras available!\n"), []);
  assertEquals(parseCsiList(""), []);
});

Deno.test("rpicamArgs: the exact arguments", () => {
  const args = rpicamArgs(1, { width: 1280, height: 720, fps: 30 }, 80);
  assertEquals(
    args.join(" "),
    "-t 0 -n --codec mjpeg --flush --camera 1 --width 1280 --height 720 --framerate 30 --quality 80 -o -",
  );
});

const DEVICES: [string, boolean][] = [
  ["/dev/video0", true],
  ["/dev/v4l/by-id/usb-A-video-index0", true],
  ["csi:0", true],
  ["csi:12", false],
  ["/etc/passwd", false],
  ["/dev/video0 -f x", false],
  ["-i", false],
  ["", false],
];
for (const [device, accepted] of DEVICES) {
  Deno.test(`webcamOptions: device ${JSON.stringify(device)} is ${accepted ? "taken" : "refused"}`, () => {
    assertEquals(webcamOptions.safeParse({ device }).success, accepted);
  });
}

Deno.test("webcamDriver: opening a path that is not there says that the camera is unplugged", async () => {
  const clock = new FakeClock();
  const context = {
    clock,
    launcher: new Launcher({ clock }),
    log: new Logger(() => {}, "error"),
    network: new NetworkGuard([]),
    memory: new VolatileMemory(),
    logins: new LoginTurns(clock),
    slots: new SessionSlots(),
    shared: new Shared(),
    cameraId: "x",
    isAsked: false,
  };
  const open = (device: string) => webcamDriver.open({ device }, context, new AbortController().signal);
  const gone = await assertRejects(() => open("/dev/video_not_there"), HubError);
  assertEquals([gone.kind, gone.details?.errno], ["unavailable", "ENODEV"]);
  const outside = await assertRejects(() => open("/dev/../etc/passwd"), HubError);
  assertEquals(outside.kind, "invalid_input");
});

Deno.test("webcamDriver: identify names the node behind a path, so that one device is not added twice", async () => {
  const link = `/dev/shm/tapocam-test-${crypto.randomUUID()}`;
  try {
    await Deno.symlink("/dev/null", link);
    assertEquals(await webcamDriver.identify?.({ device: link }), "/dev/null");
    assertEquals(await webcamDriver.identify?.({ device: "/dev/null" }), "/dev/null");
    assertEquals(await webcamDriver.identify?.({ device: "/dev/video_gone" }), "/dev/video_gone");
    assertEquals(await webcamDriver.identify?.({ device: "csi:0" }), "csi:0");
    assertEquals(await webcamDriver.identify?.({}), "first");
  } finally {
    await Deno.remove(link);
  }
});
