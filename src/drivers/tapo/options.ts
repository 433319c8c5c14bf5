// What can be configured of a Tapo camera. Two accounts: that of TP-Link for control, that of the camera for its picture.
import { z } from "zod";
import { hostOption } from "../../devices/host_option.ts";

const port = (preset: number) => z.int().min(1).max(65535).default(preset);

/** Options of a camera of type `tapo`. */
export const tapoOptions = z.strictObject({
  host: hostOption,
  username: z.string().min(1).max(64).optional().meta({
    title: "Camera account",
    description:
      "Made in the Tapo app: camera → settings → advanced → Camera Account. For picture and events",
  }),
  password: z.string().min(1).max(128).optional().meta({ title: "Password of the camera account" }),
  cloud_password: z.string().min(1).max(128).optional().meta({
    title: "TP-Link password",
    description:
      "Of the account you log in to the Tapo app with. For moving, privacy, settings; stays in the hub",
  }),
  lens: z.enum(["main", "tele"]).default("main").meta({
    title: "Lens",
    description: "tele: the second lens of a camera with two",
  }),
  child_id: z.string().max(128).optional().meta({
    title: "Device behind a hub",
    description: "Id of a camera behind a Tapo hub; the hub offers them",
  }),
  invert_pan: z.boolean().default(false).meta({
    title: "Pan the other way",
    description: "On, if right moves the camera left: models differ",
  }),
  audio: z.boolean().default(true).meta({ title: "Sound", description: "Off: only the picture is read" }),
  port: port(443).meta({ title: "Control port" }),
  rtsp_port: port(554).meta({ title: "RTSP port" }),
  onvif_port: port(2020).meta({ title: "ONVIF port" }),
});

export type TapoOptions = z.infer<typeof tapoOptions>;

/** Options that are never shown. */
export const TAPO_SECRETS: readonly string[] = ["password", "cloud_password"];
