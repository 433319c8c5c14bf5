// metrics.push in the configuration: what is refused, and in which words.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../../src/base/clock.ts";
import { HubError } from "../../../src/base/errors.ts";
import { redact } from "../../../src/base/secret.ts";
import { pushSection } from "../../../src/config/push.ts";
import { influxTarget } from "../../../src/forward/influx.ts";
import { buildTargets } from "../../../src/forward/targets.ts";
import type { WebRequest } from "../../../src/protocols/http/web_request.ts";

const STORE = "http://store.lan:8086";
const PG = "postgres://hub@store.lan/cameras";

Deno.test("metrics.push: nothing by default; what is wrong is said where it stands [PUSH-OUT-CONFIG]", () => {
  assertEquals(pushSection.parse({}), {
    keep_minutes: 60,
    keep_mb: 8,
    allow: [],
    influx: [],
    otlp: [],
    loki: [],
    postgres: [],
  });
  const cases: [config: object, path: string, words: string][] = [
    [
      { influx: [{ url: "store.lan:8086" }] },
      "influx.0.url",
      "Expected an address such as http://store.lan:8086",
    ],
    [
      { influx: [{ url: "http://a:b@store.lan" }] },
      "influx.0.url",
      "Give the account as username and password",
    ],
    [{ influx: [{ url: `${STORE}/?db=x` }] }, "influx.0.url", "without what follows a ?"],
    [
      { influx: [{ url: STORE, database: "d", bucket: "b" }] },
      "influx.0",
      "Expected one of database, bucket",
    ],
    [{ influx: [{ url: STORE }, { url: STORE }] }, "influx.1.id", 'two targets are called "influx"'],
    [
      { otlp: [{ url: STORE, id: "x" }], loki: [{ url: STORE, id: "x" }] },
      "loki.0.id",
      "Expected another id",
    ],
    [{ loki: [{ url: STORE, labels: { "a-b": "c" } }] }, "loki.0.labels.a-b", "Expected a label's name"],
    [
      { postgres: [{ url: "postgres://store.lan" }] },
      "postgres.0.url",
      "Expected an address such as postgres://",
    ],
    // A password such as 50%off would end the hub where it is read.
    [
      { postgres: [{ url: "postgres://u:50%off@store.lan/c" }] },
      "postgres.0.url",
      "Expected %25 in place of",
    ],
    [{ postgres: [{ url: PG, schema: 'x"; drop' }] }, "postgres.0.schema", "Expected small letters"],
    [{ postgres: [{ url: PG, interval_s: 1 }] }, "postgres.0.interval_s", "5"],
    [
      { postgres: [{ url: "postgres://u@10.0.0.1/c", tls: true }] },
      "postgres.0.url",
      "Expected the server's name",
    ],
    [{ allow: ["10.0.0.0/99"] }, "allow.0", "Expected an address, a network"],
  ];
  for (const [config, path, words] of cases) {
    const [issue] = pushSection.safeParse(config).error?.issues ?? [];
    assertEquals(issue?.path.join("."), path, JSON.stringify(config));
    assertStringIncludes(JSON.stringify(issue), words.replaceAll('"', '\\"'));
  }
});

Deno.test("metrics.push: secrets are not shown with the configuration [PUSH-OUT-CONFIG]", () => {
  const config = pushSection.parse({
    influx: [{ url: STORE, token: "s3cret-a", password: "s3cret-b" }],
    otlp: [{ url: STORE, headers: { "X-Key": "s3cret-c" } }],
    loki: [{ url: STORE, token: "s3cret-d" }],
    postgres: [{ url: "postgres://hub:s3cret-e@store.lan/cameras", password: "s3cret-f" }],
  });
  assert(!/s3cret/.test(JSON.stringify(redact(config)) + Deno.inspect(config)));
});

Deno.test("metrics.push: this machine's own addresses are refused unless they are allowed [PUSH-OUT-CONFIG]", async () => {
  const { values } = buildTargets(
    pushSection.parse({
      influx: [{ url: "http://127.0.0.1:1" }],
      postgres: [{ url: "postgres://hub@127.0.0.1:1/cameras" }],
    }),
    { hostname: "pi", clock: systemClock },
  );
  for (const { target } of values) {
    const sending = target.send([{ count: 1, text: "{}" }], new AbortController().signal);
    const error = await assertRejects(() => sending, HubError);
    assertEquals([error.kind, error.retryable], ["forbidden", false]);
    assertStringIncludes(error.hint ?? "", "metrics.push.allow");
  }
});

Deno.test("influx: each product gets its path and its kind of login [PUSH-OUT-INFLUX]", async () => {
  const cases: [config: object, url: string, login: string | undefined][] = [
    [{ database: "a b", username: "u", password: "p" }, `${STORE}/x/write?db=a+b`, "Basic dTpw"],
    [
      { org: "o", bucket: "b", token: "t" },
      `${STORE}/x/api/v2/write?bucket=b&precision=ns&org=o`,
      "Token t",
    ],
    [{ live_stream: "cams", token: "t" }, `${STORE}/x/api/live/push/cams`, "Bearer t"],
    [{}, `${STORE}/x/write`, undefined],
  ];
  for (const [option, url, login] of cases) {
    const { influx: [config] } = pushSection.parse({ influx: [{ url: `${STORE}/x/`, ...option }] });
    const sent: WebRequest[] = [];
    const target = influxTarget(config!, { job: "tapocam", instance: "pi" }, (request) => {
      sent.push(request);
      return Promise.resolve({ status: 204, headers: [], bytes: new Uint8Array() });
    });
    await target.send([{ count: 1, text: "a\n" }, { count: 1, text: "b\n" }], new AbortController().signal);
    const [request] = sent;
    assertEquals([request?.url, request?.headers["Authorization"], request?.body], [url, login, "a\nb\n"]);
  }
});

Deno.test("influx: a proxy's page with status 200 is not taken for success [PUSH-OUT-REFUSED]", async () => {
  const { influx: [config] } = pushSection.parse({ influx: [{ url: STORE }] });
  const headers = [["content-type", "text/html; charset=utf-8"]] as const;
  const target = influxTarget(
    config!,
    { job: "tapocam", instance: "pi" },
    () => Promise.resolve({ status: 200, headers, bytes: new TextEncoder().encode("<html>Log in") }),
  );
  const sending = target.send([{ count: 1, text: "a\n" }], new AbortController().signal);
  const error = await assertRejects(() => sending, HubError);
  assertEquals([error.kind, error.message, error.details], [
    "device_rejected",
    'The store "influx" answers with a page for people',
    undefined,
  ]);
});
