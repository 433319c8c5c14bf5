// The channels of alerts, each with a test; one that tells nobody does for real what it is for, at a camera of choice.
import { useState } from "preact/hooks";
import type { AlertSetupView } from "../src/operations/alert_views.ts";
import { testChannel } from "./alerts_client.ts";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  channels: "Channels",
  noChannel:
    "Alerts are only shown here so far. To be told on a telephone or by a program, add a channel to " +
    "the configuration file, under alerts.channels.",
  test: "Send a test",
  testOf: (channel: string) => `Send a test by ${channel}`,
  testing: "Sending…",
  sent: (channel: string, ms: number) => `The test was taken by ${channel} within ${ms}\u00a0ms.`,
  act: "Do it now",
  actOf: (channel: string) => `Do for real what ${channel} has the hub do`,
  acting: "Doing it…",
  acted: (channel: string, ms: number) =>
    `The hub did for real what ${channel} is for, within ${ms}\u00a0ms.`,
  cameraOf: (channel: string) => `Camera for ${channel}`,
};

type ChannelView = AlertSetupView["channels"][number];
type CameraChoice = readonly { id: string; name: string }[];

interface Tested {
  channel: ChannelView;
  ms?: number;
}

/** The card beside the alerts. */
export function AlertChannels({ channels, cameras }: { channels: ChannelView[]; cameras: CameraChoice }) {
  const { busy, problem, run, clear } = useAction();
  const [tested, setTested] = useState<Tested>();
  const test = (channel: ChannelView, camera: string | undefined) => {
    setTested({ channel });
    void run(async () => {
      const ms = await testChannel(channel.id, camera);
      setTested({ channel, ms });
    });
  };
  return (
    <section class="card">
      <h2>{TEXT.channels}</h2>
      {channels.length === 0 && <p class="muted">{TEXT.noChannel}</p>}
      {channels.length > 0 && (
        <ul class="letters">
          {channels.map((channel) => (
            <ChannelItem
              key={channel.id}
              channel={channel}
              cameras={cameras}
              busy={busy}
              isTested={tested?.channel.id === channel.id}
              onTest={(camera) => test(channel, camera)}
            />
          ))}
        </ul>
      )}
      <p role="status" class={tested?.ms === undefined ? "visually-hidden" : "muted"}>
        {tested?.ms !== undefined && wordsOf(tested.channel).after(tested.channel.id, tested.ms)}
      </p>
      {problem && <ProblemNotice problem={problem} onDismiss={clear} />}
    </section>
  );
}

interface ItemProps {
  channel: ChannelView;
  cameras: CameraChoice;
  busy: boolean;
  isTested: boolean;
  onTest: (camera: string | undefined) => void;
}

function ChannelItem({ channel, cameras, busy, isTested, onTest }: ItemProps) {
  const { id, type, does } = channel;
  const [chosen, setChosen] = useState<string>();
  const needsCamera = does?.includes("{camera}") === true && cameras.length > 0;
  const camera = needsCamera ? chosen ?? cameras[0]?.id : undefined;
  const { now, label, meanwhile } = wordsOf(channel);
  return (
    <li class={needsCamera ? "has-choice" : undefined}>
      <div class="letter-what">
        <strong>{id}</strong>
        <p class="muted">{does ?? type}</p>
      </div>
      {needsCamera && (
        <select
          aria-label={TEXT.cameraOf(id)}
          value={camera}
          disabled={busy}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          {cameras.map(({ id: each, name }) => <option key={each} value={each}>{name}</option>)}
        </select>
      )}
      <button
        type="button"
        class="button is-small"
        aria-label={label(id)}
        disabled={busy}
        onClick={() => onTest(camera)}
      >
        {busy && isTested ? meanwhile : now}
      </button>
    </li>
  );
}

function wordsOf({ does }: ChannelView) {
  return does === undefined
    ? { now: TEXT.test, label: TEXT.testOf, meanwhile: TEXT.testing, after: TEXT.sent }
    : { now: TEXT.act, label: TEXT.actOf, meanwhile: TEXT.acting, after: TEXT.acted };
}
