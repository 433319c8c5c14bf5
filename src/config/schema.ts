// The one schema of the configuration file. Every option has a default: the hub starts without a file.
import { z } from "zod";
import { LOG_LEVELS } from "../base/log.ts";
import { isNetworkEntry } from "../base/network.ts";
import type { CheckAction } from "./actions.ts";
import { type AlertsConfig, alertsSection } from "./alerts.ts";
import { mqttSection } from "./channels.ts";
import { grafanaSection, metricsSection } from "./metrics.ts";
import { idSchema } from "./ids.ts";
import { type CameraRules, cameraRulesOfFile, motionRules } from "./camera_rules.ts";

export { idSchema };

/** What is the same in every camera's entry, whatever its type. */
export const cameraBase = {
  id: idSchema.meta({ description: "Name of the camera in URLs and commands" }),
  name: z.string().trim().min(1).max(100).optional().meta({ description: "Name shown to people" }),
  enabled: z.boolean().default(true).meta({
    description: "false keeps the camera in the list but lets go of it",
  }),
  ...cameraRulesOfFile,
};

const port = z.int().min(0).max(65535);
const seconds = (min: number, max: number) => z.number().min(min).max(max);

const server = z.strictObject({
  host: z.string().min(1).default("0.0.0.0").meta({ description: "Address to listen on" }),
  port: port.default(7777).meta({ description: "Dashboard, API and streams" }),
  metrics_port: port.default(8080).meta({ description: "Listener of its own for metrics; 0 turns it off" }),
  hostnames: z.array(z.string().trim().toLowerCase().min(1)).default([]).meta({
    description:
      "Public names by which MCP clients, and readers of metrics without a token, reach the hub; addresses and local names always work",
  }),
  dashboard: z.boolean().default(true).meta({ description: "false serves the API without pages" }),
});

const streams = z.strictObject({
  linger_s: seconds(0, 600).default(5).meta({
    description: "How long a stream runs on after its last viewer",
  }),
  start_timeout_s: seconds(1, 120).default(20).meta({ description: "Longest wait for a first picture" }),
  stall_timeout_s: seconds(0.5, 120).default(5).meta({ description: "Longest silence before a restart" }),
  retry_first_s: seconds(0.1, 60).default(0.5).meta({ description: "First wait after a failure; it grows" }),
  retry_max_s: seconds(0.5, 600).default(10).meta({ description: "Longest wait between two tries" }),
  max_viewers: z.int().min(1).max(10_000).default(256).meta({
    description: "Viewers of all cameras together",
  }),
});

const auth = z.strictObject({
  session_days: z.number().min(0.01).max(400).default(30).meta({
    description: "How long a login lasts unused",
  }),
});

const webcams = z.strictObject({
  auto: z.boolean().default(true).meta({
    description: "USB webcams become cameras when they are plugged in",
  }),
});

const network = z.strictObject({
  allow: z.array(
    z.string().trim().refine(
      isNetworkEntry,
      "Expected an address, a network such as 127.0.0.0/8, or a host name",
    ),
  ).default([]).meta({
    description: "Addresses of cameras that would be refused: this machine itself, link-local addresses",
  }),
});

const events = z.strictObject({
  keep_days: z.number().min(1).max(36_500).default(90).meta({
    description: "Days after their end for which events are kept",
  }),
  max_mb: z.number().min(1).max(1_000_000).default(200).meta({
    description: "Most megabytes of events in the database; the oldest go first",
  }),
  pictures_mb: z.number().min(0).max(1_000_000).default(500).meta({
    description: "Most megabytes of pictures of events; the oldest go first, 0 keeps none",
  }),
});

const recordings = z.strictObject({
  path: z.string().min(1).startsWith("/", 'Expected a whole path such as "/media/disk/recordings"').optional()
    .meta({ description: "Folder of the recordings; left out: recordings in the data folder" }),
  keep_days: z.number().min(0.01).max(3650).optional().meta({
    description: "Days after which recordings are deleted; left out: when there is need of room",
  }),
  keep_gb: z.number().min(0.01).max(1_000_000).optional().meta({
    description: "Most gigabytes of all recordings, the oldest go first",
  }),
  min_free_gb: z.number().min(0).max(100_000).default(1).meta({
    description: "Gigabytes of the disk that stay free",
  }),
  min_free_percent: z.number().min(0).max(90).default(5).meta({
    description: "Percent of the disk that stay free, where that is more",
  }),
  segment_minutes: z.number().min(1).max(60).default(10).meta({
    description: "Length of the files of a recording by rule",
  }),
});

const log = z.strictObject({ level: z.enum(LOG_LEVELS).default("info") });

/** The camera types that the file may use: id of the type and schema of its options. */
export type CameraTypes = readonly { id: string; options: z.ZodObject }[];

/** Builds the schema of the whole file. Without `checkAction` the actions of channels are not looked at. */
export function configSchema(types: CameraTypes, checkAction: CheckAction = () => []) {
  const variants = types.map(({ id, options }) =>
    options.extend({ ...cameraBase, type: z.literal(id) }).strict()
  );
  const camera = z.discriminatedUnion("type", variants as [typeof variants[number], ...typeof variants]);
  return z.strictObject({
    server: server.prefault({}),
    streams: streams.prefault({}),
    auth: auth.prefault({}),
    webcams: webcams.prefault({}),
    motion: motionRules.prefault({}).meta({
      description: "How motion is looked for at cameras that have no rules of their own",
    }),
    network: network.prefault({}),
    events: events.prefault({}),
    mqtt: mqttSection.prefault({}),
    log: log.prefault({}),
    alerts: alertsSection.prefault({}),
    recordings: recordings.prefault({}),
    metrics: metricsSection.prefault({}),
    grafana: grafanaSection.prefault({}),
    data_dir: z.string().min(1).optional().meta({ description: "Folder for the database" }),
    cameras: z.array(camera).default([]).meta({ description: "Cameras that are fixed in the file" }),
  }).superRefine(({ alerts, mqtt }, context) => {
    refuseWrongActions(alerts, checkAction, context);
    const at = mqtt.url === undefined ? alerts.channels.findIndex(({ type }) => type === "mqtt") : -1;
    if (at < 0) return;
    const message = "Expected a broker for it: name one as mqtt.url";
    context.addIssue({ code: "custom", path: ["alerts", "channels", at], message });
  });
}

function refuseWrongActions(
  { channels }: AlertsConfig,
  checkAction: CheckAction,
  context: z.RefinementCtx,
): void {
  for (const [at, channel] of channels.entries()) {
    if (channel.type !== "operation") continue;
    for (const { path, message } of checkAction(channel.operation, channel.input)) {
      context.addIssue({ code: "custom", path: ["alerts", "channels", at, ...path], message });
    }
  }
}

/** The configuration after checking, defaults filled in. */
export type Config = Omit<z.infer<ReturnType<typeof configSchema>>, "cameras"> & { cameras: CameraEntry[] };

/** One camera of the file. */
export interface CameraEntry extends Partial<CameraRules> {
  id: string;
  name?: string | undefined;
  type: string;
  enabled: boolean;
  [option: string]: unknown;
}
