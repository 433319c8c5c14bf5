// The page for what concerns the hub as a whole: the account, warnings, and how the hub is doing.
import { AccountForm, type AccountFormProps } from "../../islands/account_form.tsx";
import { formatBytes, formatClock, formatCount, formatDuration } from "../../islands/format.ts";
import { Icon } from "../../islands/icon.tsx";
import { PushCard } from "../../islands/push_card.tsx";
import type { PushView } from "../operations/push_views.ts";
import type { StatusView } from "../operations/views.ts";
import type { Kept } from "../operations/kept_views.ts";
import { Island } from "./island.tsx";
import { KeptRows } from "./kept_rows.tsx";

const TEXT = {
  heading: "Settings",
  warnings: "Warnings",
  since: (time: string) => `since ${time}`,
  account: "Account",
  noPassword: "You are signed in by a link. Set a password, so that you can also sign in without one.",
  signOut: "Sign out",
  signOutHelp: "Ends this browser's login and the pictures it has open.",
  notifications: "Notifications",
  hub: "Hub",
  kept: "What is kept",
  asOf: (time: string) => `As of ${time}.`,
  reload: "Refresh",
  rows: {
    version: "Version",
    uptime: "Running for",
    cameras: "Cameras",
    viewers: "Viewers",
    frames: "Pictures so far",
    dropped: "Skipped for slow viewers",
    memory: "Memory",
    lag: "Longest pause of the main loop",
    data: "Data folder",
    free: "Free space",
  },
  cameras: (total: number, online: number) => `${total}, ${online} online`,
  lag: (ms: number) => `${Math.round(ms)}\u00a0ms`,
  volatile: "lost at restart",
  processes: "Processes",
  process: "Process",
  pid: "Process ID",
  cpu: "CPU time",
  seconds: (value: number) => `${value.toFixed(1)}\u00a0s`,
};

export interface SettingsPageProps {
  status: StatusView;
  account: AccountFormProps;
  push: PushView;
  kept: Kept;
  nowMs: number;
}

export function SettingsPage({ status, account, push, kept, nowMs }: SettingsPageProps) {
  return (
    <div class="measure">
      <div class="page-head">
        <h1>{TEXT.heading}</h1>
      </div>
      <Warnings warnings={status.warnings} nowMs={nowMs} />
      <div class="columns">
        <section class="card">
          <h2>{TEXT.account}</h2>
          {!account.passwordSet && <p class="muted">{TEXT.noPassword}</p>}
          <Island name="AccountForm" component={AccountForm} props={account} />
          <hr />
          <form method="post" action="/logout">
            <p class="muted">{TEXT.signOutHelp}</p>
            <button type="submit" class="button">{TEXT.signOut}</button>
          </form>
        </section>
        <section class="card">
          <h2>{TEXT.notifications}</h2>
          <Island name="PushCard" component={PushCard} props={{ now: push }} />
        </section>
        <section class="card">
          <h2>{TEXT.kept}</h2>
          <KeptRows kept={kept} events={status.events} nowMs={nowMs} />
        </section>
        <section class="card">
          <h2>{TEXT.hub}</h2>
          <HubRows status={status} />
          {status.processes.length > 0 && <Processes processes={status.processes} />}
          <p class="muted">
            {TEXT.asOf(formatClock(new Date(nowMs).toISOString(), nowMs))}{" "}
            <a href="/settings">{TEXT.reload}</a>
          </p>
        </section>
      </div>
    </div>
  );
}

function Warnings({ warnings, nowMs }: { warnings: StatusView["warnings"]; nowMs: number }) {
  if (warnings.length === 0) return null;
  return (
    <section aria-label={TEXT.warnings} id="warnings">
      {warnings.map(({ code, message, hint, since }) => (
        <div class="notice is-warning" key={code}>
          <Icon name="warning" />
          <div class="notice-text">
            <p>
              <strong>{message}</strong> <span class="muted">({TEXT.since(formatClock(since, nowMs))})</span>
            </p>
            {hint && <p>{hint}</p>}
          </div>
        </div>
      ))}
    </section>
  );
}

function HubRows({ status }: { status: StatusView }) {
  const { rows } = TEXT;
  const { cameras, streams, hub, storage } = status;
  const list: [string, string][] = [
    [rows.version, status.version],
    [rows.uptime, formatDuration(status.uptime_s * 1000)],
    [rows.cameras, TEXT.cameras(cameras.total, cameras.online ?? 0)],
    [rows.viewers, formatCount(streams.viewers)],
    [rows.frames, formatCount(streams.frames_total)],
    [rows.dropped, formatCount(streams.dropped_total)],
    [rows.memory, formatBytes(hub.rss_bytes)],
    [rows.lag, TEXT.lag(hub.loop_lag_ms.max)],
    [rows.data, storage.persistent ? storage.data_dir : `${storage.data_dir} (${TEXT.volatile})`],
  ];
  if (storage.free_bytes !== undefined) list.push([rows.free, formatBytes(storage.free_bytes)]);
  return (
    <dl class="rows">
      {list.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Processes({ processes }: { processes: StatusView["processes"] }) {
  const { process, pid, cpu, rows } = TEXT;
  return (
    <div class="table-wrap" tabIndex={0} role="region" aria-label={TEXT.processes}>
      <table>
        <caption>{TEXT.processes}</caption>
        <thead>
          <tr>
            {[process, pid, cpu, rows.memory, rows.uptime].map((title) => (
              <th key={title} scope="col">{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {processes.map((each) => (
            <tr key={each.pid}>
              <th scope="row">{each.name}</th>
              <td>{each.pid}</td>
              <td>{each.cpu_seconds === undefined ? "" : TEXT.seconds(each.cpu_seconds)}</td>
              <td>{each.rss_bytes === undefined ? "" : formatBytes(each.rss_bytes)}</td>
              <td>{formatDuration(each.uptime_s * 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
