// Sends one message to a webhook as the hub does, in a process of its own: which certificates it trusts is told to a
// process at its start. Prints what came of it.
// deno-lint-ignore-file no-console -- its parent reads it
import { partsWith } from "./channel_parts.ts";
import { buildChannel } from "../../../src/alerts/channels/index.ts";
import { webSender } from "../../../src/protocols/http/web_request.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { HubError } from "../../../src/base/errors.ts";
import { NetworkGuard } from "../../../src/base/network.ts";
import { alertChannel } from "../../../src/config/alert_channels.ts";

const [url = ""] = Deno.args;
const network = new NetworkGuard(["127.0.0.1"], { lookup: () => Promise.resolve("127.0.0.1") });
const web = webSender({ network, clock: systemClock });
const channel = buildChannel(alertChannel.parse({ id: "x", type: "webhook", url }), partsWith(web));
try {
  await channel.send({
    id: "1",
    alert: 1,
    rule: "r",
    severity: "info",
    state: "test",
    title: "t",
    text: "t",
    startedAtMs: 0,
    dueAtMs: 0,
    count: 1,
  }, new AbortController().signal);
  console.log("taken");
} catch (error) {
  if (!(error instanceof HubError)) throw error;
  console.log(`${error.kind} ${error.retryable} ${error.message}`);
}
