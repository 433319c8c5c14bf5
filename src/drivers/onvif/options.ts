// What can be configured of a camera that speaks ONVIF.
import { z } from "zod";
import { hostOption } from "../../devices/host_option.ts";

/** Options of a camera of type `onvif`. */
export const onvifOptions = z.strictObject({
  host: hostOption,
  port: z.int().min(1).max(65535).default(80).meta({
    title: "ONVIF port",
    description: "80 on most cameras; 2020 on Tapo, 8000 or 8899 on some others",
  }),
  path: z.string().regex(/^\/\S*$/, "Expected a path that begins with /").max(500).optional().meta({
    title: "Path of the device service",
    description: "Only where it is not /onvif/device_service",
  }),
  username: z.string().min(1).max(128).optional().meta({ title: "User name" }),
  password: z.string().max(256).optional().meta({ title: "Password" }),
  profile: z.string().max(100).optional().meta({
    title: "Profile",
    description: "Name or token of the stream to show; empty takes the largest",
  }),
  transport: z.enum(["auto", "tcp", "udp"]).default("auto").meta({ title: "Transport of the stream" }),
  audio: z.boolean().default(true).meta({ title: "Sound", description: "Off: only the picture is read" }),
});

export type OnvifOptions = z.infer<typeof onvifOptions>;
