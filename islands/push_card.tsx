// Alerts as notifications of this browser: enable them here, see which devices have them, try one, remove one.
import { useEffect, useState } from "preact/hooks";
import type { PushDeviceView, PushView } from "../src/operations/push_views.ts";
import { formatAgo, formatClock } from "./format.ts";
import { ProblemNotice } from "./problem_notice.tsx";
import {
  enablePush,
  endOwnSubscription,
  fetchPush,
  ownEndpointHash,
  type PushObstacle,
  pushObstacle,
  removePushDevice,
  testPushDevice,
} from "./push_client.ts";
import { type Action, useAction } from "./use_action.ts";
import { ApiProblem } from "./api.ts";

const TEXT = {
  about: "Alerts come as notifications to every device listed here, also while no page of the hub is open. " +
    "Rules say which alerts are sent this way.",
  noChannel:
    "No alert is sent to browsers yet: the configuration file has no channel of the type web_push. Add one " +
    "under alerts.channels, such as {id: browsers, type: web_push}, and reload the configuration.",
  enable: "Enable on this device",
  enabling: "Enabling…",
  list: "Devices that are notified",
  none: "No device of yours is notified yet.",
  this: "this device",
  since: (time: string) => `since ${time}`,
  used: (ago: string) => `last notified ${ago}`,
  test: "Test",
  testOf: (device: string) => `Send a test notification to ${device}`,
  sent: "Sent. It should appear within seconds.",
  remove: "Remove",
  removeOf: (device: string) => `Remove ${device}`,
  refusedTitle: "The browser did not enable notifications.",
  refused: (why: string) =>
    `It said: ${why}. Notifications need the browser maker’s push service, which some browsers and networks block.`,
  obstacles: {
    insecure:
      "This page was opened over http. Browsers allow notifications only on pages with https, or on the " +
      "hub itself at http://localhost. Put an HTTPS proxy before the hub and open it by that address.",
    unsupported:
      "This browser has no notifications of web pages. On an iPhone or iPad, add the page to the home " +
      "screen first and open it there.",
    denied:
      "Notifications of this page are blocked in this browser. Allow them in the browser’s settings of the " +
      "site, then load the page again.",
  } satisfies Record<PushObstacle, string>,
};

export interface PushCardProps {
  now: PushView;
}

export function PushCard({ now: initial }: PushCardProps) {
  const [view, setView] = useState(initial);
  const [own, setOwn] = useState<string>();
  /** Unknown until the page is alive: the hub cannot tell. */
  const [obstacle, setObstacle] = useState<PushObstacle | "unknown" | undefined>("unknown");
  const [refusal, setRefusal] = useState<string>();
  const action = useAction();
  const look = async () => {
    setObstacle(pushObstacle());
    setOwn(await ownEndpointHash());
  };
  const refresh = async () => setView(await fetchPush());
  useEffect(() => void look(), []);
  const enable = () =>
    action.run(async () => {
      setRefusal(undefined);
      try {
        await enablePush(view.public_key);
      } catch (error) {
        if (error instanceof ApiProblem) throw error;
        if (pushObstacle() === undefined) setRefusal(error instanceof Error ? error.message : String(error));
      }
      await Promise.all([look(), refresh()]);
    });
  const remove = (device: PushDeviceView) =>
    action.run(async () => {
      await removePushDevice(device.id);
      if (device.endpoint_hash === own) await endOwnSubscription();
      await Promise.all([look(), refresh()]);
    });
  const isEnabled = view.devices.some((each) => each.endpoint_hash === own);
  return (
    <div class="push">
      <p class="muted">{TEXT.about}</p>
      {!view.has_channel && <p class="push-obstacle">{TEXT.noChannel}</p>}
      {obstacle !== undefined && obstacle !== "unknown" && (
        <p class="push-obstacle">{TEXT.obstacles[obstacle]}</p>
      )}
      {obstacle === undefined && !isEnabled && (
        <div class="form-actions">
          <button
            type="button"
            class="button is-primary"
            disabled={action.busy}
            onClick={() => void enable()}
          >
            {action.busy ? TEXT.enabling : TEXT.enable}
          </button>
        </div>
      )}
      {refusal !== undefined && (
        <div class="notice is-bad" role="alert">
          <div class="notice-text">
            <p>
              <strong>{TEXT.refusedTitle}</strong>
            </p>
            <p>{TEXT.refused(refusal)}</p>
          </div>
        </div>
      )}
      {action.problem && <ProblemNotice problem={action.problem} onDismiss={action.clear} />}
      {view.devices.length === 0
        ? <p class="muted">{TEXT.none}</p>
        : (
          <ul class="push-devices" aria-label={TEXT.list}>
            {view.devices.map((device) => (
              <DeviceRow
                key={device.id}
                device={device}
                isThis={device.endpoint_hash === own}
                removal={action}
                onRemove={() => void remove(device)}
                refresh={refresh}
              />
            ))}
          </ul>
        )}
    </div>
  );
}

interface DeviceRowProps {
  device: PushDeviceView;
  isThis: boolean;
  removal: Action;
  onRemove: () => void;
  refresh: () => Promise<void>;
}

function DeviceRow({ device, isThis, removal, onRemove, refresh }: DeviceRowProps) {
  const [isSent, setIsSent] = useState(false);
  const action = useAction();
  const test = async () => {
    setIsSent(false);
    setIsSent(await action.run(() => testPushDevice(device.id)));
    await refresh();
  };
  const nowMs = Date.now();
  return (
    <li class="setting">
      <div class="setting-text">
        <span class="setting-title">
          {device.device} {isThis && <span class="muted">({TEXT.this})</span>}
        </span>
        <p class="muted" aria-live="polite">
          {isSent
            ? TEXT.sent
            : device.used_at
            ? TEXT.used(formatAgo(device.used_at, nowMs))
            : TEXT.since(formatClock(device.created_at, nowMs))}
        </p>
        {action.problem && <ProblemNotice problem={action.problem} onDismiss={action.clear} />}
      </div>
      <div class="form-actions">
        <button
          type="button"
          class="button is-small"
          aria-label={TEXT.testOf(device.device)}
          disabled={action.busy}
          onClick={() => void test()}
        >
          {TEXT.test}
        </button>
        <button
          type="button"
          class="button is-small"
          aria-label={TEXT.removeOf(device.device)}
          disabled={removal.busy}
          onClick={onRemove}
        >
          {TEXT.remove}
        </button>
      </div>
    </li>
  );
}
