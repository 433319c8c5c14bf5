// The channels that there are, by type. A new one is a schema in config/alert_channels.ts and a line here.
import type { AlertChannelConfig } from "../../config/alert_channels.ts";
import type { Channel } from "../channel.ts";
import type { SendWeb } from "../web_request.ts";
import { ntfyChannel } from "./ntfy.ts";
import { telegramChannel } from "./telegram.ts";
import { webhookChannel } from "./webhook.ts";

/** What channels are built with. */
export interface ChannelParts {
  web: SendWeb;
}

/** Builds a channel of the file. Nothing is connected to. */
export function buildChannel(config: AlertChannelConfig, { web }: ChannelParts): Channel {
  switch (config.type) {
    case "webhook":
      return webhookChannel(config, web);
    case "ntfy":
      return ntfyChannel(config, web);
    case "telegram":
      return telegramChannel(config, web);
  }
}
