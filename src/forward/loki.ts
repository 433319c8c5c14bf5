// Events of the journal as lines in Grafana Loki: one when an event begins, one when it is over.
// https://grafana.com/docs/loki/latest/reference/loki-http-api/
import type { LokiConfig } from "../config/push.ts";
import type { HubEvent } from "../events/event.ts";
import { eventView } from "../operations/event_views.ts";
import type { SendWeb } from "../protocols/http/web_request.ts";
import type { EventTarget } from "./journal_source.ts";
import type { Sending } from "./snapshot.ts";
import { authorization, below, ownHeaders, post, type WebTarget } from "./web_target.ts";

/** A target of the kind `loki`. The same line at the same time is one entry there, however often it is sent. */
export function lokiTarget(config: LokiConfig, sending: Sending, send: SendWeb): EventTarget {
  const { id } = config;
  const target = webTarget(config);
  return {
    id,
    kind: "loki",
    encode: (event, isBeginning) => {
      // What is merged into an event while it goes on is no news.
      if (!isBeginning && event.endedAtMs === undefined) return undefined;
      return { count: 1, text: JSON.stringify(lokiStream(event, { ...config.labels, ...sending })) };
    },
    send: (parcels, signal) => {
      const body = `{"streams":[${parcels.map(({ text }) => text).join(",")}]}`;
      return post(target, { body, type: "application/json" }, { send, signal });
    },
  };
}

/** One entry: labels of which there are few, everything else in the line. Its time is that of the beginning, or of the end. */
function lokiStream(event: HubEvent, labels: Readonly<Record<string, string>>) {
  const { camera, kind, startedAtMs, endedAtMs } = event;
  return {
    stream: { ...labels, ...(camera === undefined ? {} : { camera }), kind },
    values: [[`${Math.round(endedAtMs ?? startedAtMs)}000000`, JSON.stringify(eventView(event))]],
  };
}

function webTarget(config: LokiConfig): WebTarget {
  const { id, url, token, password, tenant } = config;
  const own = ownHeaders(config.headers);
  const account = authorization(config);
  return {
    peer: `Loki "${id}"`,
    url: below(url, "loki/api/v1/push"),
    headers: { ...own, ...account, ...(tenant === undefined ? {} : { "X-Scope-OrgID": tenant }) },
    secrets: [
      token?.reveal() ?? "",
      password?.reveal() ?? "",
      account["Authorization"] ?? "",
      ...Object.values(own),
    ],
  };
}
