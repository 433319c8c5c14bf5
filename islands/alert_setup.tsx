// Beside the alerts: the alarm mode, the channels with a test of each, what is snoozed, and the rules in force.
import { useId } from "preact/hooks";
import type { AlarmMode, AlertSetupView } from "../src/operations/alert_views.ts";
import { AlertChannels } from "./alert_channels.tsx";
import { setMode, snooze } from "./alerts_client.ts";
import { formatClock } from "./format.ts";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  mode: "Alarm mode",
  modeHelp: "Some rules tell only while the house is armed.",
  modes: { home: "Home", away: "Away", night: "Night", disarmed: "Disarmed" } as Record<AlarmMode, string>,
  snoozes: "Snoozed",
  until: (time: string) => `until ${time}`,
  everything: "Everything",
  end: "End",
  endOf: (what: string) => `End the snooze: ${what}`,
  rules: "Rules in force",
  noRule: "No rule is in force.",
  armedIn: (modes: string) => `only when ${modes}`,
  at: (cameras: string) => `at ${cameras}`,
};

const MODES = Object.keys(TEXT.modes) as AlarmMode[];

export interface SetupProps {
  setup: AlertSetupView;
  cameras: readonly { id: string; name: string }[];
  nameOf: (cameraId: string) => string;
  refresh: () => Promise<void>;
}

export function AlertSetup(props: SetupProps) {
  return (
    <>
      <ModeCard {...props} />
      <AlertChannels channels={props.setup.channels} cameras={props.cameras} />
      {props.setup.snoozes.length > 0 && <SnoozesCard {...props} />}
      <RulesCard {...props} />
    </>
  );
}

function ModeCard({ setup, refresh }: SetupProps) {
  const { busy, problem, run, clear } = useAction();
  const id = useId();
  return (
    <section class="card">
      <h2>
        <label for={id}>{TEXT.mode}</label>
      </h2>
      <select
        id={id}
        value={setup.mode}
        disabled={busy}
        onChange={(event) => {
          const mode = event.currentTarget.value as AlarmMode;
          void run(() => setMode(mode).then(refresh));
        }}
      >
        {MODES.map((mode) => <option key={mode} value={mode}>{TEXT.modes[mode]}</option>)}
      </select>
      <p class="muted">{TEXT.modeHelp}</p>
      {problem && <ProblemNotice problem={problem} onDismiss={clear} />}
    </section>
  );
}

function SnoozesCard({ setup, nameOf, refresh }: SetupProps) {
  const { busy, problem, run, clear } = useAction();
  return (
    <section class="card">
      <h2>{TEXT.snoozes}</h2>
      <ul class="letters">
        {setup.snoozes.map(({ camera_id, rule, until }) => {
          const what = [
            ...(rule === undefined ? [] : [rule]),
            ...(camera_id === undefined ? [] : [nameOf(camera_id)]),
          ].join(", ") || TEXT.everything;
          const subject = {
            ...(camera_id === undefined ? {} : { camera_id }),
            ...(rule === undefined ? {} : { rule }),
          };
          return (
            <li key={what}>
              <div class="letter-what">
                <strong>{what}</strong>
                <p class="muted">{TEXT.until(formatClock(until, Date.now()))}</p>
              </div>
              <button
                type="button"
                class="button is-small"
                aria-label={TEXT.endOf(what)}
                disabled={busy}
                onClick={() => void run(() => snooze(subject, 0).then(refresh))}
              >
                {TEXT.end}
              </button>
            </li>
          );
        })}
      </ul>
      {problem && <ProblemNotice problem={problem} onDismiss={clear} />}
    </section>
  );
}

function RulesCard({ setup, nameOf }: SetupProps) {
  return (
    <section class="card">
      <h2>{TEXT.rules}</h2>
      {setup.rules.length === 0 && <p class="muted">{TEXT.noRule}</p>}
      <ul class="letters">
        {setup.rules.map(({ id, when, cameras, modes }) => (
          <li key={id}>
            <div class="letter-what">
              <strong>{id}</strong>
              <p class="muted">
                {[
                  when,
                  ...(cameras.length > 0 ? [TEXT.at(cameras.map(nameOf).join(", "))] : []),
                  ...(modes.length > 0
                    ? [TEXT.armedIn(modes.map((mode) => TEXT.modes[mode as AlarmMode] ?? mode).join(", "))]
                    : []),
                ].join(" · ")}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
