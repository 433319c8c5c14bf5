// What the Vienna dashboard asks the hub's journal and patterns, and the feed that a user may name.
import { INCIDENTS } from "./parts/datasources.ts";
import { EVENTS_URL } from "./parts/events.ts";
import type { Column } from "./parts/infinity.ts";
import { csvTable, hubStat, hubTable, note } from "./parts/other_kinds.ts";
import { toHub } from "./parts/links.ts";
import { type Placed, words } from "./parts/panels.ts";

/** Who comes later than this after a parcel is not the one who brought it. */
const COURIER_S = 120;

/** The last parcel at each camera, and whether somebody came there since. No jq variables: Grafana has its own `$`. */
const LAST_PARCELS = 'def at: sub("[.][0-9]+"; "") | fromdateiso8601; ' +
  '[.events | map(select(.kind == "package" or .kind == "person")) | group_by(.camera_id)[] | ' +
  '{parcel: (map(select(.kind == "package")) | max_by(.seq)), ' +
  'person: (map(select(.kind == "person") | .started_at | at) | max)} | select(.parcel != null) | ' +
  "{camera: .parcel.camera_id, since: .parcel.started_at, state: " +
  `(if (.person // 0) > (.parcel.started_at | at) + ${COURIER_S} then "perhaps fetched" else "waiting" end)}]`;

const PATTERNS_URL = "/metrics/patterns?kind=person&weeks=4&tz=Europe/Vienna";
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

const text = (key: string, title = key): Column => ({ key, title, type: "string" });
const number = (key: string, title = key): Column => ({ key, title, type: "number" });

export function parcels(): Placed[] {
  return [
    hubStat({
      title: "Parcels waiting",
      description:
        "Cameras whose last parcel of the time that is shown nobody has come for since. Whoever comes " +
        "within two minutes is taken for the courier. Only cameras that tell of parcels can count.",
      unit: "none",
      size: [6, 6],
      noValue: "Not told",
      query: {
        url: EVENTS_URL,
        rows: `${LAST_PARCELS} | [{waiting: (map(select(.state == "waiting")) | length)}]`,
        columns: [number("waiting")],
      },
      steps: [["green"], ["orange", 1]],
    }),
    hubStat({
      title: "Parcels noticed",
      description: "Parcels that cameras told of in the time that is shown, of the newest thousand events.",
      unit: "none",
      size: [6, 6],
      noValue: "Not told",
      query: {
        url: `${EVENTS_URL}&kind=package`,
        rows: "[{parcels: (.events | length)}]",
        columns: [number("parcels")],
      },
    }),
    hubTable({
      title: "Last parcel of each camera",
      description: "When each camera last told of a parcel, and whether a person was seen there later.",
      unit: "none",
      size: [12, 6],
      noValue: "–",
      query: {
        url: EVENTS_URL,
        rows: LAST_PARCELS,
        columns: [
          text("camera", "Camera"),
          { key: "since", title: "Since", type: "timestamp" },
          text("state", "State"),
        ],
      },
      overrides: [
        { of: { field: "Since" }, set: { unit: "dateTimeFromNow" } },
        {
          of: { field: "State" },
          set: {
            "custom.cellOptions": { type: "color-text" },
            mappings: words({
              waiting: ["waiting", "orange"],
              "perhaps fetched": ["perhaps fetched", "green"],
            }),
          },
        },
      ],
      links: [toHub("Events", "/events")],
    }),
  ];
}

export function patterns(): Placed[] {
  return [
    hubTable({
      title: "When people come",
      description:
        "People that cameras told of, per hour, by weekday and hour in Vienna's time, over the last four " +
        "whole weeks. The time before the oldest event that is kept is empty; hours in which the hub did not " +
        "run count as hours without people.",
      unit: "none",
      size: [18, 9],
      noValue: "–",
      decimals: 1,
      query: {
        url: PATTERNS_URL,
        rows: "[.cells | group_by(.weekday)[] | {weekday: .[0].weekday_name} + " +
          '(map({("h" + (.hour | tostring)): .per_hour}) | add)]',
        columns: [text("weekday", "Day"), ...HOURS.map((hour) => number(`h${hour}`, String(hour)))],
      },
      overrides: [{
        of: { fields: "/^[0-9]+$/" },
        set: {
          "custom.cellOptions": { type: "color-background", mode: "basic" },
          "custom.width": 40,
          color: { mode: "continuous-YlRd" },
          min: 0,
        },
      }],
    }),
    hubStat({
      title: "Unusual for this hour",
      description:
        "People since the hour began, how many there are usually at this minute of such an hour, and " +
        "whether that is unusual: so many would come by chance in one of a hundred such hours.",
      unit: "none",
      size: [6, 9],
      noValue: "Too few weeks yet",
      query: {
        url: PATTERNS_URL,
        rows: '[.now | {state: (if .usual == null then "too few weeks yet" elif .unusual then "unusual" ' +
          'else "usual" end), people: .events, usual}]',
        columns: [text("state"), number("people"), number("usual")],
      },
      overrides: [{
        of: { field: "state" },
        set: { mappings: words({ unusual: ["unusual", "red"], usual: ["usual", "green"] }) },
      }],
    }),
  ];
}

export function kept(): Placed[] {
  return [
    hubStat({
      title: "Events",
      description:
        "For how many days the hub keeps events, how many it has, and how large they and their pictures are.",
      unit: "none",
      size: [16, 5],
      noValue: "The database cannot be read",
      query: {
        url: "/api/status",
        rows: "[.events // empty | {keep_days, count, bytes, pictures, picture_bytes}]",
        columns: [
          number("keep_days", "days kept"),
          number("count", "events"),
          number("bytes", "size"),
          number("pictures"),
          number("picture_bytes", "size of pictures"),
        ],
      },
      overrides: [{ of: { fields: "/size/" }, set: { unit: "bytes" } }],
    }),
    note({
      title: "Recordings and metrics",
      description: "Where the other limits stand.",
      size: [8, 5],
      markdown:
        "How long recordings are kept stands in the hub under [Settings](${hub:raw}/settings), and how long " +
        "the hub's own history of metrics in its configuration, `metrics:`. The Prometheus of `docker-compose.yml` " +
        "keeps a year; others keep 15 days if they were not told otherwise.",
    }),
  ];
}

export function incidents(): Placed[] {
  return [
    note({
      title: "A feed of your own",
      description: "How to show incidents near you.",
      size: [24, 5],
      markdown:
        "**Off.** This project knows of no public live feed of incidents in Vienna, and none is built in. If " +
        "you have one, as JSON (a list of objects) or CSV (with a heading): make an Infinity data source named " +
        "*Incidents* that may reach its host and no other, choose it above, and put the URL into *Incidents (JSON)* or " +
        "*Incidents (CSV)*. Grafana's server fetches it; the hub is not involved.",
    }),
    hubTable({
      title: "Incidents from JSON",
      description: "What the feed lists. Off while no URL is named above.",
      unit: "none",
      size: [12, 9],
      noValue: "Off: no feed is named",
      query: {
        url: "${incidents_json}",
        rows:
          'if type == "array" then . else (to_entries | map(.value | select(type == "array")) | first // []) end',
        columns: [],
        source: INCIDENTS,
      },
    }),
    csvTable({
      title: "Incidents from CSV",
      description: "What the file lists. Off while no URL is named above.",
      unit: "none",
      size: [12, 9],
      noValue: "Off: no feed is named",
      url: "${incidents_csv}",
    }),
  ];
}
