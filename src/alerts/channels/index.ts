// The channels that there are, by type. A new one is a schema in config/alert_channels.ts and a line here.
import { HubError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import type { AlertChannelConfig } from "../../config/alert_channels.ts";
import type { Channel } from "../channel.ts";
import type { PushDevices } from "../push_devices.ts";
import type { SendWeb } from "../../protocols/http/web_request.ts";
import { buildEmail } from "./email.ts";
import { type AlertPublisher, buildMqtt } from "./mqtt.ts";
import { ntfyChannel } from "./ntfy.ts";
import { operationChannel, type OperationParts } from "./operation.ts";
import { telegramChannel } from "./telegram.ts";
import { buildWebPush } from "./web_push.ts";
import { webhookChannel } from "./webhook.ts";

/** What channels are built with. */
export interface ChannelParts {
  web: SendWeb;
  log: Logger;
  /** Browsers that want to be notified. */
  push: PushDevices;
  /** The broker of the section `mqtt`; undefined where none is named. */
  broker: AlertPublisher | undefined;
  /** What channels that act on the hub itself work with. */
  actions: OperationParts;
}

/** Builds a channel of the file. Nothing is connected to. */
export function buildChannel(config: AlertChannelConfig, parts: ChannelParts): Channel {
  const { web, log, push, broker, actions } = parts;
  switch (config.type) {
    case "webhook":
      return webhookChannel(config, web);
    case "ntfy":
      return ntfyChannel(config, web);
    case "telegram":
      return telegramChannel(config, web);
    case "email":
      return buildEmail(config, { log });
    case "web_push":
      return buildWebPush(config, { devices: push });
    case "operation":
      return operationChannel(config, actions);
    case "mqtt":
      if (broker) return buildMqtt(config, { publisher: broker, log });
      throw new HubError("invalid_input", `Channel "${config.id}" has no broker`, {
        hint: "Name one as mqtt.url in the configuration file, and restart the hub",
      });
  }
}
