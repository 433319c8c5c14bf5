// How alerts leave the hub by e-mail, MQTT and Web Push. The broker of `mqtt` also serves Home Assistant.
import { z } from "zod";

const MAX_RECIPIENTS = 20;

/** One address, without a name: `anna@example.org`. */
const address = z.string().trim().max(254).regex(
  /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/,
  'Expected an e-mail address such as "anna@example.org"',
);

/** An address, with a name before it where one is wanted: `Hub <hub@example.org>`. */
const sender = z.string().trim().max(320).regex(
  /^(?:[^<>\r\n"]{1,60} <[^\s@<>,;:"]+@[^\s@<>,;:"]+>|[^\s@<>,;:"]+@[^\s@<>,;:"]+)$/,
  'Expected an e-mail address such as "hub@example.org" or "Hub <hub@example.org>"',
);

const certificate = z.string().regex(
  /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/,
  "Expected a certificate in PEM form; {file: PATH} reads it from a file",
);

const trusted = certificate.optional().meta({
  description:
    "Certificate in PEM form that is trusted beside the system's, for a server with one of its own",
});

/** What a channel of the type `email` takes beside its id. */
export const emailOptions = {
  type: z.literal("email"),
  host: z.string().trim().min(1).max(253).meta({ description: "Name or address of the mail server" }),
  port: z.int().min(1).max(65535).optional().meta({
    description: "Left out: 587 for starttls, 465 for tls, 25 for none",
  }),
  tls: z.enum(["starttls", "tls", "none"]).default("starttls").meta({
    description: "How the connection is encrypted; none only for a server in a network that is trusted",
  }),
  username: z.string().min(1).max(256).optional().meta({ description: "Left out: no login" }),
  password: z.string().min(1).max(1024).optional(),
  from: sender.meta({ description: "Sender" }),
  to: z.array(address).min(1).max(MAX_RECIPIENTS).meta({ description: "Recipients" }),
  ca: trusted,
} as const;

/** A channel of the type `email`, without its id. */
export const emailSchema = z.strictObject(emailOptions);
export type EmailOptions = z.infer<typeof emailSchema>;

/** What a channel of the type `mqtt` takes beside its id: the broker is that of the section `mqtt`. */
export const mqttChannelOptions = { type: z.literal("mqtt") } as const;

/** What a channel of the type `web_push` takes beside its id. */
export const webPushOptions = {
  type: z.literal("web_push"),
  contact: z.string().regex(/^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, "Expected mailto:… or https://…")
    .optional().meta({
      description: "Where the makers of browsers can reach you about your messages, mailto: or https:",
    }),
} as const;

/** A channel of the type `web_push`, without its id. */
export const webPushSchema = z.strictObject(webPushOptions);
export type WebPushOptions = z.infer<typeof webPushSchema>;

/** What may stand for a level of a topic. */
const topicPrefix = z.string().regex(
  /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/,
  "Expected letters, digits, _ and -, with / between levels",
).max(100);

/** The section `mqtt`: a broker that is told of cameras and events, and that commands come from. */
export const mqttSection = z.strictObject({
  url: z.string().optional().refine(isBroker, "Expected mqtt://HOST:PORT or mqtts://HOST:PORT")
    .refine(hasNoAccount, "Give the account as username and password, not in the address").meta({
      description: "Address of the broker, mqtt:// or mqtts://; left out: no MQTT",
    }),
  username: z.string().min(1).max(256).optional().meta({ description: "Left out: no login" }),
  password: z.string().min(1).max(1024).optional(),
  ca: trusted,
  prefix: topicPrefix.default("tapocam").meta({
    description: "First levels of every topic; another one for each hub at the same broker",
  }),
  discovery: z.boolean().default(true).meta({ description: "true: Home Assistant finds the cameras" }),
  discovery_prefix: topicPrefix.default("homeassistant").meta({
    description: "Where Home Assistant looks for devices",
  }),
  commands: z.boolean().default(true).meta({ description: "false: the broker may switch nothing" }),
  snapshots: z.boolean().default(true).meta({ description: "true: a picture when something happens" }),
});
export type MqttSection = z.infer<typeof mqttSection>;

function isBroker(url: string | undefined): boolean {
  if (url === undefined) return true;
  const parsed = URL.parse(url);
  return parsed !== null && /^mqtts?:$/.test(parsed.protocol) && parsed.hostname !== "" &&
    /^\/?$/.test(parsed.pathname) && parsed.search === "" && parsed.hash === "";
}

function hasNoAccount(url: string | undefined): boolean {
  const parsed = url === undefined ? null : URL.parse(url);
  return parsed === null || (parsed.username === "" && parsed.password === "");
}
