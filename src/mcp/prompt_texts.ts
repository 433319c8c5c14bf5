// The words of the prompts: what a user can have a model do, step by step, with what this version has.

/** What a prompt is given; every argument may be left out. */
export interface PromptArguments {
  camera_id?: string | undefined;
  hours?: string | undefined;
  date?: string | undefined;
}

/** A prompt as data. */
export interface PromptText {
  title: string;
  description: string;
  arguments: readonly (keyof PromptArguments)[];
  text(given: PromptArguments): string;
}

const NOT_YET =
  "This version of the hub has no lights and no workflows. Where a step would need one of these, say so plainly.";

function lines(...parts: string[]): string {
  return parts.join("\n");
}

export const PROMPTS: Readonly<Record<string, PromptText>> = {
  secure_the_house: {
    title: "Secure the house",
    description: "Checks every camera and gets the house ready for being left alone",
    arguments: [],
    text: () =>
      lines(
        "Get my house ready for being left alone. Work through this and tell me the outcome at the end:",
        "1. list_cameras. For each camera that is not online, tell its reason and what I can do.",
        "2. For each camera that is online, get_camera_info: is privacy mode on, is motion detection on, is its",
        "   card all right? capture_image: is the view clear, and does it show what it should?",
        "3. Where nobody looks for motion (get_motion_detection), propose set_motion_detection. Where privacy mode is",
        "   on, ask me before you end it. A camera that looks the wrong way: propose a preset or home (get_ptz_presets).",
        "4. list_alert_rules: who would be told of what? Say so where there is no channel. get_alarm_mode: propose",
        "   set_alarm_mode away where rules ask for it. get_recording_rules: is what happens recorded?",
        "5. Make each change only when I have agreed, and say of each what verified says.",
        "6. End with a table: camera, state, what was changed, what is left for me to do.",
        NOT_YET,
      ),
  },
  monitor_overnight: {
    title: "Watch over the night",
    description: "Looks at the cameras in turn and tells what happens, as long as the conversation goes on",
    arguments: ["camera_id", "hours"],
    text: ({ camera_id, hours }) =>
      lines(
        `Watch ${which(camera_id)} for the next ${hours ?? "8"} hours.`,
        "1. Note where the journal stands: list_events with limit 1 gives change. Follow on from there with after.",
        "   If your client can follow resources, subscribe to hub://events and wait to be told.",
        "2. For each new event of motion, a person or a doorbell: capture_image of that camera at once, and describe",
        "   what you see. If it looks as if somebody is where nobody should be, start_recording for 60 seconds and",
        "   tell me.",
        "3. A camera that goes offline: tell me its reason, and look again after the time it names.",
        "4. At the end: what happened when, which pictures matter, which cameras were away and for how long.",
        "You can watch only while this conversation goes on; say so when it begins, and say when you stop.",
        NOT_YET,
      ),
  },
  investigate_the_door: {
    title: "What happened at the door?",
    description: "Finds out what a camera noticed lately, with its events and a picture of now",
    arguments: ["camera_id", "hours"],
    text: ({ camera_id, hours }) =>
      lines(
        `Find out what happened at ${camera_id ? `the camera "${camera_id}"` : "the door"} in the last ${
          hours ?? "2"
        } hours.`,
        ...(camera_id
          ? []
          : ["1. list_cameras, and choose the one that looks at the door. Ask me if that is unclear."]),
        "2. get_camera_status: was it there the whole time?",
        "3. list_events for it, with from: what was noticed, when, for how long? Look for gaps, in which nothing could",
        "   be noticed. Where an event has a picture, read event://{seq}/snapshot.",
        "4. list_recordings for that time, and capture_image for how it looks now.",
        "5. Tell it as a short story with times. Keep apart what the camera reported, what you see in the pictures,",
        "   and what you only think. Pictures of the past exist only where there is a recording or an event's picture.",
      ),
  },
  daily_report: {
    title: "Report of the day",
    description: "Sums up a day: events, cameras that were away, recordings, room on the disk",
    arguments: ["date"],
    text: ({ date }) =>
      lines(
        `Write a report of ${date ?? "the last 24 hours"}.`,
        "1. list_events for that time; more pages with before as long as more is true. Count by camera and kind.",
        "2. Which cameras were away (kind camera_state), how long and why? Which gaps are there? query_metrics: how was",
        "   their latency?",
        "3. list_recordings: how many, how long, how large? get_system_info: free space, warnings.",
        "4. list_alerts: what was told, what nobody acknowledged? list_dead_letters: what did not arrive, and why?",
        "5. Write: one sentence on how the day was, a table by camera, then what I should look at or repair.",
        "Give only what the hub says. Where the journal does not go back far enough (oldest), say so.",
        NOT_YET,
      ),
  },
  camera_setup: {
    title: "Set up a camera",
    description: "Finds a new camera, adds it and checks that its picture comes",
    arguments: [],
    text: () =>
      lines(
        "Help me to add a camera.",
        "1. discover_devices takes some seconds. Show me what was found and not yet added (without camera_id).",
        "2. Read hub://docs/cameras for how that kind is prepared; tell me what I have to switch on in its app first.",
        "3. Ask me for the name and for what needs lists. Passwords: remind me that I can type them on the hub's",
        "   dashboard instead of here.",
        "4. add_camera. It tries each account once; where one was refused, do not try it again: a camera locks the",
        "   account. Tell me what was refused.",
        "5. get_camera_status until it is online, then capture_image: does the picture look right?",
      ),
  },
  ptz_guide: {
    title: "Turn a camera",
    description: "Explains moving, presets and home for a camera, and tries them",
    arguments: ["camera_id"],
    text: ({ camera_id }) =>
      lines(
        `Show me how ${which(camera_id)} is turned.`,
        "1. get_camera_info: which axes (ptz_axes) does it have? If none, say which cameras can turn.",
        "2. get_ptz_position and get_ptz_presets: where does it look, which places does it know? Not every camera tells",
        "   where it looks.",
        "3. move_ptz with small steps, such as pan 0.2 (right) or tilt -0.1 (down), from -1 to 1; relative: true moves",
        "   from where it looks. capture_image after each, to see what changed. stop_ptz ends a move.",
        "4. At a view worth keeping, propose save_ptz_preset with a name; recall_ptz_preset goes back to it and",
        "   go_to_home_ptz to the home position.",
        "A camera in privacy mode does not move.",
      ),
  },
  grafana_setup: {
    title: "Watch the hub with Grafana",
    description: "Leads from the hub to filled dashboards on another host",
    arguments: [],
    text: () =>
      lines(
        "I want to watch the hub in Grafana on another host. Lead me there step by step; hub://docs/grafana has them:",
        "1. Ask me where Grafana runs, and whether by Docker Compose or as I have it already.",
        "2. On the hub I make a token of a viewer, and run tapo-camera-mcp grafana export DIR --url http://HUB:7777.",
        "   You never see the token. The folder has data sources, dashboards, alert rules and a panel with live pictures.",
        "3. I copy the folder to that host, fill in .env, start it, and run smoke.sh, which says what is not right.",
        "4. Call get_system_info and query_metrics, and tell me what the dashboards should show now. Names of metrics",
        "   are in hub://docs/metrics: do not invent any.",
      ),
  },
};

function which(cameraId: string | undefined): string {
  return cameraId ? `the camera "${cameraId}"` : "my cameras";
}
