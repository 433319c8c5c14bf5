// The ways out of the hub for alerts, as they stand in the file. What is secret in them is wrapped as it is read.
import { z } from "zod";
import { Secret } from "../base/secret.ts";
import { operationChannel } from "./actions.ts";
import { emailOptions, mqttChannelOptions, webPushOptions } from "./channels.ts";
import { idSchema } from "./ids.ts";
import { alertSeverity } from "./severity.ts";

/** A text that is never shown again. */
export const secretText = z.string().min(1).max(4096).transform((text) => new Secret(text));

/** True for an address that can be posted to. */
function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== "";
}

const ADDRESS = "Expected an address such as https://example.org/hook";
const plainAddress = z.string().max(2048).refine(isWebAddress, ADDRESS);
/** Many services put their key into the address. */
const secretAddress = plainAddress.transform((text) => new Secret(text));

/** What every channel has, whatever its type. */
export const channelBase = {
  id: idSchema.meta({ description: "Name of the channel in rules and commands" }),
  min_severity: alertSeverity.default("info").meta({
    description: "Alerts of a lower severity are not sent here",
  }),
  snapshot: z.boolean().default(true).meta({ description: "true: a picture of the camera goes with it" }),
};

/** A header's name (RFC 9110, token) that the hub does not set itself. */
export const headerName = z.string().regex(
  /^(?!(?:host|connection|content-length|transfer-encoding|idempotency-key|content-type)$)[!#$%&'*+.^_`|~\w-]{1,100}$/i,
  "Expected the name of a header that the hub does not set itself",
);

const webhook = z.strictObject({
  ...channelBase,
  type: z.literal("webhook"),
  url: secretAddress.meta({ description: "Where the JSON is posted" }),
  secret: secretText.optional().meta({
    description: "Signs each message: header X-Tapocam-Signature, HMAC-SHA256",
  }),
  headers: z.record(headerName, secretText).default({}).meta({ description: "Headers of your own" }),
});

const ntfy = z.strictObject({
  ...channelBase,
  type: z.literal("ntfy"),
  server: plainAddress.default("https://ntfy.sh").meta({ description: "Address of the ntfy server" }),
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/, "Expected letters, digits, - and _, at most 64").transform(
    (
      text,
    ) => new Secret(text),
  ).meta({ description: "Who knows it can read along: choose one hard to guess" }),
  token: secretText.optional().meta({ description: "Access token of the server, tk_…" }),
});

const telegram = z.strictObject({
  ...channelBase,
  type: z.literal("telegram"),
  token: z.string().regex(/^\d{3,20}:[\w-]{20,100}$/, "Expected a bot's token as @BotFather gives it")
    .transform((
      text,
    ) => new Secret(text)),
  chat_id: z.union(
    [z.int(), z.string().regex(/^(@\w{5,32}|-?\d{1,20})$/)],
    "Expected a chat's number or @channel",
  )
    .transform(String),
  silent: z.boolean().default(false).meta({ description: "true: delivered without a sound" }),
  server: plainAddress.default("https://api.telegram.org").meta({
    description: "Address of the Bot API, where it is one of your own",
  }),
});

/** One channel of the file. */
export const alertChannel = z.discriminatedUnion("type", [
  webhook,
  ntfy,
  telegram,
  z.strictObject({ ...channelBase, ...emailOptions }),
  z.strictObject({ ...channelBase, ...mqttChannelOptions }),
  z.strictObject({ ...channelBase, ...webPushOptions }),
  operationChannel,
]);
export type AlertChannelConfig = z.infer<typeof alertChannel>;
/** The settings of a channel of one type. */
export type ChannelConfigOf<T extends AlertChannelConfig["type"]> = Extract<AlertChannelConfig, { type: T }>;
