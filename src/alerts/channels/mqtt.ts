// Alerts as messages at the MQTT broker, where Home Assistant and others take them.
import type { Logger } from "../../base/log.ts";
import { abortable } from "../../base/scope.ts";
import { isoTime } from "../../base/clock.ts";
import type { AlertMessage, Channel } from "../channel.ts";
import { pictureOf } from "./picture.ts";

/** The hub's connection to the broker. */
export interface AlertPublisher {
  readonly topics: { prefix: string };
  /** Resolves when the broker has taken it. @throws HubError `unavailable` without a connection. */
  publish(topic: string, payload: string): Promise<void>;
  /** The same for the picture of an alert at a camera, which the broker keeps as `PREFIX/alert_snapshot`. */
  publishPicture(camera: string, picture: Uint8Array): Promise<void>;
}

export interface MqttChannelDeps {
  publisher: AlertPublisher;
  log: Logger;
}

/** Publishes each alert with QoS 1 to `PREFIX/alert`, its picture before it to `PREFIX/alert_snapshot`. */
export class MqttChannel implements Channel {
  readonly type = "mqtt";
  readonly id: string;
  readonly #deps: MqttChannelDeps;

  constructor(id: string, deps: MqttChannelDeps) {
    this.id = id;
    this.#deps = deps;
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    const { publisher } = this.#deps;
    const { prefix } = publisher.topics;
    const picture = await pictureOf(message, { channel: this.id, log: this.#deps.log, signal });
    if (picture && message.camera) {
      await abortable(publisher.publishPicture(message.camera.id, picture), signal);
    }
    const text = JSON.stringify(alertView(message, picture !== undefined));
    await abortable(publisher.publish(`${prefix}/alert`, text), signal);
  }
}

/** An alert as JSON. `event_type` is what Home Assistant reads. */
function alertView(message: AlertMessage, hasSnapshot: boolean) {
  const { id, alert, rule, severity, state, title, text, kind, camera, startedAtMs, endedAtMs, count, url } =
    message;
  return {
    event_type: state,
    id,
    alert,
    rule,
    severity,
    title,
    text,
    ...(kind === undefined ? {} : { kind }),
    ...(camera === undefined ? {} : { camera_id: camera.id, camera_name: camera.name }),
    started_at: isoTime(startedAtMs),
    ...(endedAtMs === undefined ? {} : { ended_at: isoTime(endedAtMs) }),
    count,
    ...(url === undefined ? {} : { url }),
    has_snapshot: hasSnapshot,
  };
}

/** Builds the channel from its configuration. */
export function buildMqtt({ id }: { id: string }, deps: MqttChannelDeps): MqttChannel {
  return new MqttChannel(id, deps);
}
