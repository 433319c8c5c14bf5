// Operations on the rules by which cameras are recorded, and on what must not be deleted.
import { z } from "zod";
import { EVENT_CAUSES, recordingRules, WEEKDAYS } from "../config/camera_rules.ts";
import { readOfCamera, write, writeOfCamera } from "./define.ts";
import type { Hub } from "./hub.ts";
import type { Operation } from "./operation.ts";
import { success, verified } from "./schemas.ts";

const text = z.string();
const { shape } = recordingRules;

/** Every rule may be left out: then it stays as it is. `null` takes a limit away. */
const change = z.object({
  mode: shape.mode.unwrap().optional().meta({ description: "off, events or continuous" }),
  schedule: shape.schedule.unwrap().optional().meta({
    description:
      "When the mode holds, in the hub's local time; empty: always. A window that ends before it " +
      "begins goes on after midnight",
  }),
  events: shape.events.unwrap().optional().meta({
    description: "Events that are recorded in the mode events",
  }),
  pre_roll_s: shape.pre_roll_s.unwrap().optional().meta({ description: "Seconds before an event" }),
  post_roll_s: shape.post_roll_s.unwrap().optional().meta({ description: "Seconds after an event" }),
  keep_days: shape.keep_days.unwrap().nullable().optional().meta({
    description: "Days after which its recordings are deleted; null: as for all cameras",
  }),
  keep_gb: shape.keep_gb.unwrap().nullable().optional().meta({
    description: "Most gigabytes of its recordings; null: only the limit of all",
  }),
  mjpeg: shape.mjpeg.unwrap().optional().meta({
    description: "Cameras that make JPEG: encode to H.264, or keep the pictures as they are",
  }),
});

/** The same words as in `set_recording_rules`, where they are explained. */
const rulesNow = z.object({
  recording: z.object({
    mode: shape.mode.unwrap(),
    schedule: z.array(z.object({ days: z.array(z.enum(WEEKDAYS)), from: text, to: text })),
    events: z.array(z.enum(EVENT_CAUSES)),
    pre_roll_s: z.number(),
    post_roll_s: z.number(),
    keep_days: z.number().optional(),
    keep_gb: z.number().optional(),
    mjpeg: shape.mjpeg.unwrap(),
  }),
  set_here: z.boolean(),
});

const getRecordingRules = readOfCamera({
  name: "get_recording_rules",
  title: "Recording rules",
  summary: "Tells when a camera is recorded by itself, and for how long that is kept",
  toolset: "media",
  input: z.object({}),
  output: z.object({ success, camera_id: text, ...rulesNow.shape }),
  examples: [{ title: "Of one camera", input: { camera_id: "front-door" } }],
  run: ({ hub }, { camera_id }) => {
    hub.manager.get(camera_id);
    return Promise.resolve({
      success: true as const,
      camera_id,
      recording: hub.rules.of(camera_id).recording,
      set_here: hub.rules.isSet(camera_id, "recording"),
    });
  },
});

const setRecordingRules = writeOfCamera({
  name: "set_recording_rules",
  title: "Set recording rules",
  summary: "Sets when a camera is recorded by itself: never, on events, or continuously, within a schedule",
  guide:
    "What is left out stays as it is. Recordings are deleted, oldest first, when they are older than keep_days " +
    "or larger than keep_gb together; locked ones never",
  toolset: "media",
  role: "admin",
  event: { kind: "config_change", what: "recording rules changed" },
  input: change,
  output: z.object({ success, camera_id: text, ...rulesNow.shape, verified }),
  examples: [
    { title: "On events, day and night", input: { camera_id: "front-door", mode: "events", pre_roll_s: 5 } },
    {
      title: "At night, kept for a week",
      input: {
        mode: "continuous",
        schedule: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "22:00", to: "06:00" }],
        keep_days: 7,
      },
    },
  ],
  would: ({ hub }, { camera_id, ...input }) => {
    hub.manager.get(camera_id);
    const { mode } = hub.rules.preview(camera_id, "recording", changeOf(input));
    return `Record camera "${camera_id}" by the mode ${mode} from now on`;
  },
  run: async ({ hub }, { camera_id, ...input }) => {
    hub.manager.get(camera_id);
    await hub.rules.change(camera_id, "recording", changeOf(input));
    return {
      success: true as const,
      camera_id,
      recording: hub.rules.of(camera_id).recording,
      set_here: true,
      verified: "readback" as const,
    };
  },
});

type Change = z.output<typeof change>;

/** What is given, and `undefined` where a limit is taken away. */
function changeOf(input: Change & { dry_run?: boolean }) {
  const { keep_days, keep_gb, dry_run: _, ...given } = input;
  const rest = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    ...rest as Omit<Partial<z.output<typeof recordingRules>>, "keep_days" | "keep_gb">,
    ...(keep_days === undefined ? {} : { keep_days: keep_days ?? undefined }),
    ...(keep_gb === undefined ? {} : { keep_gb: keep_gb ?? undefined }),
  };
}

const lockInput = z.object({ recording_id: text.max(40).meta({ description: "An id of list_recordings" }) });
const lockOutput = z.object({ success, recording_id: text, locked: z.boolean(), verified });

async function lock({ library }: Pick<Hub, "library">, id: string, isLocked: boolean) {
  const { id: recording_id, isLocked: locked } = await library.lock(id, isLocked);
  return { success: true as const, recording_id, locked, verified: "readback" as const };
}

const lockRecording = write({
  name: "lock_recording",
  title: "Lock a recording",
  summary: "Keeps one recorded file from being deleted, by anybody and by age or want of room",
  toolset: "media",
  input: lockInput,
  output: lockOutput,
  examples: [{ title: "Lock it", input: { recording_id: "k3m9x2abc7qp" } }],
  would: async ({ hub }, { recording_id }) => `Lock recording ${(await hub.library.get(recording_id)).id}`,
  run: async ({ hub }, { recording_id }) => await lock(hub, recording_id, true),
});

const unlockRecording = write({
  name: "unlock_recording",
  title: "Unlock a recording",
  summary: "Lets a recorded file be deleted again",
  toolset: "media",
  role: "admin",
  input: lockInput,
  output: lockOutput,
  examples: [{ title: "Unlock it", input: { recording_id: "k3m9x2abc7qp" } }],
  would: async ({ hub }, { recording_id }) => `Unlock recording ${(await hub.library.get(recording_id)).id}`,
  run: async ({ hub }, { recording_id }) => await lock(hub, recording_id, false),
});

export const RECORDING_RULE_OPERATIONS: readonly Operation[] = [
  getRecordingRules,
  setRecordingRules,
  lockRecording,
  unlockRecording,
];
