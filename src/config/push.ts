// The section `metrics.push`: stores elsewhere that are sent what the hub measures, and its events.
import { isIP } from "node:net";
import { z } from "zod";
import { isNetworkEntry } from "../base/network.ts";
import { Secret } from "../base/secret.ts";
import { headerName, secretText } from "./alert_channels.ts";
import { idSchema } from "./ids.ts";

const MAX_TARGETS = 8;

const webAddress = z.string().max(2048).refine((text) => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== "" && url.search === "" &&
    url.hash === "";
}, "Expected an address such as http://store.lan:8086, without what follows a ?").refine(
  (text) => hasNoAccount(text),
  "Give the account as username and password, not in the address",
);

function hasNoAccount(text: string): boolean {
  const url = URL.parse(text);
  return url === null || (url.username === "" && url.password === "");
}

const id = (name: string) =>
  idSchema.default(name).meta({ description: "Name of the target in warnings and metrics" });
const intervalS = (seconds: number) =>
  z.number().min(5).max(3600).default(seconds).meta({ description: "How often values are sent, seconds" });
const headers = z.record(headerName, secretText).default({}).meta({ description: "Headers of your own" });
const name = z.string().trim().min(1).max(200);

const account = {
  username: z.string().min(1).max(256).optional().meta({ description: "Left out: no login" }),
  password: secretText.optional(),
};

const influx = z.strictObject({
  id: id("influx"),
  url: webAddress.meta({ description: "Address of InfluxDB, VictoriaMetrics or Grafana" }),
  database: name.optional().meta({ description: "InfluxDB 1: the database" }),
  org: name.optional().meta({ description: "InfluxDB 2: the organisation" }),
  bucket: name.optional().meta({ description: "InfluxDB 2 and 3: the bucket" }),
  live_stream: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, "Expected letters, digits, - and _").optional()
    .meta({ description: "Grafana Live: the stream" }),
  token: secretText.optional().meta({ description: "Token of InfluxDB 2 and 3, or of Grafana" }),
  ...account,
  interval_s: intervalS(30),
}).superRefine(({ database, bucket, live_stream }, context) => {
  if ([database, bucket, live_stream].filter((each) => each !== undefined).length < 2) return;
  const message = "Expected one of database, bucket and live_stream; none for VictoriaMetrics";
  context.addIssue({ code: "custom", path: [], message });
});

const otlp = z.strictObject({
  id: id("otlp"),
  url: webAddress.meta({ description: "Where OTLP over HTTP is received; v1/metrics is added" }),
  headers,
  interval_s: intervalS(30),
});

const loki = z.strictObject({
  id: id("loki"),
  url: webAddress.meta({ description: "Address of Loki; loki/api/v1/push is added" }),
  labels: z.record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "Expected a label's name: letters, digits and _"),
    z.string().min(1).max(200),
  ).default({}).meta({ description: "Labels beside job, instance, camera and kind" }),
  tenant: z.string().regex(/^[\w.-]{1,150}$/, "Expected a tenant's name").optional().meta({
    description: "Sent as X-Scope-OrgID, where Loki has tenants",
  }),
  token: secretText.optional().meta({ description: "Sent as Authorization: Bearer" }),
  ...account,
  headers,
});

function isDecodable(text: string): boolean {
  try {
    const url = URL.parse(text);
    for (const part of [url?.username, url?.password, url?.pathname]) decodeURIComponent(part ?? "");
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/** An address of PostgreSQL; the account in it is secret. */
const postgresAddress = z.string().max(2048).refine((text) => {
  const url = URL.parse(text);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== "" &&
    url.pathname.length > 1 && url.search === "";
}, "Expected an address such as postgres://hub@store.lan:5432/cameras").refine(
  isDecodable,
  "Expected %25 in place of each % in user, password and database: what follows a % there is a code",
).transform((text) => new Secret(text));

const postgres = z.strictObject({
  id: id("postgres"),
  url: postgresAddress.meta({ description: "postgres://USER@HOST:PORT/DATABASE" }),
  password: secretText.optional().meta({ description: "Left out: the one in the address, or none" }),
  tls: z.boolean().default(false).meta({
    description: "true: encrypted, and the server's certificate is checked",
  }),
  ca: z.string().regex(
    /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/,
    "Expected a certificate in PEM form; {file: PATH} reads it from a file",
  ).optional().meta({ description: "Certificate in PEM form that is trusted beside the system's" }),
  schema: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "Expected small letters, digits and _").default(
    "public",
  )
    .meta({ description: "Schema of the tables; it is made where it is missing" }),
  events: z.boolean().default(true).meta({ description: "true: events are kept there, too" }),
  interval_s: intervalS(60),
}).superRefine(({ url, tls }, context) => {
  // An address that is refused already comes here as the text it was.
  if (!tls || !(url instanceof Secret)) return;
  const host = new URL(url.reveal()).hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) === 0) return;
  const message =
    "Expected the server's name in place of its IP address: with tls the certificate must be for it";
  context.addIssue({ code: "custom", path: ["url"], message });
});

export const pushSection = z.strictObject({
  hub: z.string().trim().min(1).max(100).optional().meta({
    description: "Name of this hub there; left out: the machine's",
  }),
  keep_minutes: z.number().min(1).max(1440).default(60).meta({
    description: "Age of the oldest values that wait while a target is away",
  }),
  keep_mb: z.number().min(0.1).max(256).default(8).meta({
    description: "Most megabytes of memory for what waits, for each target",
  }),
  allow: z.array(
    z.string().trim().refine(
      isNetworkEntry,
      "Expected an address, a network such as 127.0.0.0/8, or a host name",
    ),
  ).default([]).meta({ description: "Addresses of targets that would be refused, such as this machine's" }),
  influx: z.array(influx).max(MAX_TARGETS).default([]),
  otlp: z.array(otlp).max(MAX_TARGETS).default([]),
  loki: z.array(loki).max(MAX_TARGETS).default([]),
  postgres: z.array(postgres).max(MAX_TARGETS).default([]),
}).superRefine((section, context) => {
  const seen = new Set<string>();
  for (const kind of ["influx", "otlp", "loki", "postgres"] as const) {
    section[kind].forEach(({ id }, at) => {
      const message = `Expected another id: two targets are called "${id}"`;
      if (seen.has(id)) context.addIssue({ code: "custom", path: [kind, at, "id"], message });
      seen.add(id);
    });
  }
});

export type PushConfig = z.infer<typeof pushSection>;
export type InfluxConfig = PushConfig["influx"][number];
export type OtlpConfig = PushConfig["otlp"][number];
export type LokiConfig = PushConfig["loki"][number];
export type PostgresConfig = PushConfig["postgres"][number];
