// One alert of the list, in words, with what can be done about it.
import type { AlertSetupView, AlertView, DeliveryView } from "../src/operations/alert_views.ts";
import { formatClock, formatDuration } from "./format.ts";
import { useNow } from "./use_now.ts";

const TEXT = {
  severity: { info: "Info", warning: "Warning", critical: "Critical" },
  acknowledge: "Acknowledge",
  acknowledgeOf: (title: string) => `Acknowledge: ${title}`,
  snooze: "Snooze…",
  snoozeOf: (title: string) => `Snooze such alerts: ${title}`,
  goingOn: (time: string) => `going on for ${time}`,
  lasted: (time: string) => `lasted ${time}`,
  count: (count: number) => `${count} times`,
  seen: (by: string, time: string) => `acknowledged by ${by}, ${time}`,
  muted: { quiet_hours: "nobody was told: quiet hours", snoozed: "nobody was told: snoozed" },
  nobody: "nobody was told: no channel",
  told: (channels: string) => `told: ${channels}`,
  done: (channels: string) => `done: ${channels}`,
  waiting: (channel: string, error: string) => `${channel}: being tried again (${error})`,
  underWay: (channel: string) => `${channel}: on its way`,
  givenUp: (channel: string) => `${channel}: not delivered`,
  notDone: (channel: string) => `${channel}: not done`,
  hours: (hours: number) => hours === 1 ? "for 1 hour" : hours === 24 ? "for a day" : `for ${hours} hours`,
};

const TONES = { info: "is-noticed", warning: "is-warning", critical: "is-bad" };
const SNOOZE_HOURS = [1, 8, 24];

export interface AlertItemProps {
  alert: AlertView;
  /** Name of its camera; the id where the camera was removed. */
  camera: { id: string; name: string; isThere: boolean } | undefined;
  channels: AlertSetupView["channels"];
  busy: boolean;
  onAcknowledge: () => void;
  onSnooze: (hours: number) => void;
}

export function AlertItem({ alert, camera, channels, busy, onAcknowledge, onSnooze }: AlertItemProps) {
  const nowMs = useNow(10_000);
  const { severity, title, text, started_at: startedAt, state, acknowledged } = alert;
  const classes = [
    "alert",
    ...(state === "firing" ? ["is-firing"] : []),
    ...(acknowledged ? ["is-seen"] : []),
  ];
  return (
    <li class={classes.join(" ")} id={`alert-${alert.id}`}>
      <time dateTime={startedAt}>{formatClock(startedAt, nowMs)}</time>
      <div class="alert-what">
        <p class="alert-title">
          <span class={`badge ${TONES[severity]}`}>{TEXT.severity[severity]}</span>
          <strong>{title}</strong>
        </p>
        {text !== title && <p class="alert-text">{text}</p>}
        <p class="alert-more">
          {camera && (camera.isThere
            ? <a href={`/cameras/${encodeURIComponent(camera.id)}`}>{camera.name}</a>
            : <span>{camera.name}</span>)}
          {remarks(alert, channels, nowMs).map((remark) => <span key={remark}>{remark}</span>)}
        </p>
      </div>
      <div class="alert-actions">
        {!acknowledged && (
          <button
            type="button"
            class="button is-small"
            aria-label={TEXT.acknowledgeOf(title)}
            disabled={busy}
            onClick={onAcknowledge}
          >
            {TEXT.acknowledge}
          </button>
        )}
        <select
          class="alert-snooze"
          aria-label={TEXT.snoozeOf(title)}
          disabled={busy}
          value=""
          onChange={(event) => {
            const hours = Number(event.currentTarget.value);
            event.currentTarget.value = "";
            if (hours > 0) onSnooze(hours);
          }}
        >
          <option value="">{TEXT.snooze}</option>
          {SNOOZE_HOURS.map((hours) => <option key={hours} value={hours}>{TEXT.hours(hours)}</option>)}
        </select>
      </div>
    </li>
  );
}

function remarks(alert: AlertView, channels: AlertSetupView["channels"], nowMs: number): string[] {
  const { started_at, ended_at, count, acknowledged_by, acknowledged_at, note, muted, deliveries } = alert;
  const lastedMs = ended_at === undefined ? 0 : Date.parse(ended_at) - Date.parse(started_at);
  return [
    ...(ended_at === undefined
      ? [TEXT.goingOn(formatDuration(Math.max(0, nowMs - Date.parse(started_at))))]
      : []),
    ...(lastedMs >= 1000 ? [TEXT.lasted(formatDuration(lastedMs))] : []),
    ...(count > 1 ? [TEXT.count(count)] : []),
    ...(muted === undefined ? [] : [TEXT.muted[muted]]),
    ...(muted === undefined && deliveries.length === 0 && channels.length > 0 ? [TEXT.nobody] : []),
    ...deliveryRemarks(
      deliveries,
      new Set(channels.filter(({ does }) => does !== undefined).map(({ id }) => id)),
    ),
    ...(acknowledged_by === undefined || acknowledged_at === undefined
      ? []
      : [TEXT.seen(acknowledged_by, formatClock(acknowledged_at, nowMs))]),
    ...(note === undefined ? [] : [`“${note}”`]),
  ];
}

/** @param acting channels that tell nobody, but have the hub do something. */
function deliveryRemarks(deliveries: readonly DeliveryView[], acting: ReadonlySet<string>): string[] {
  const arrived = deliveries.filter(({ state }) => state === "delivered").map(({ channel }) => channel);
  const namesOf = (acts: boolean) =>
    [...new Set(arrived.filter((channel) => acting.has(channel) === acts))].join(", ");
  const [told, done] = [namesOf(false), namesOf(true)];
  const others = deliveries.filter(({ state }) => state !== "delivered").map(({ channel, state, error }) => {
    if (state === "given_up") return (acting.has(channel) ? TEXT.notDone : TEXT.givenUp)(channel);
    return error === undefined ? TEXT.underWay(channel) : TEXT.waiting(channel, error);
  });
  return [
    ...(told === "" ? [] : [TEXT.told(told)]),
    ...(done === "" ? [] : [TEXT.done(done)]),
    ...new Set(others),
  ];
}
