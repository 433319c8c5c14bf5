// Values and events as real stores have them after they were pushed: InfluxDB, VictoriaMetrics, PostgreSQL.
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/base/clock.ts";
import { HubError } from "../../src/base/errors.ts";
import { Logger } from "../../src/base/log.ts";
import { Warnings } from "../../src/base/warnings.ts";
import { type PushConfig, pushSection } from "../../src/config/push.ts";
import { Forwarding, type ForwardingDeps } from "../../src/forward/forwarding.ts";
import { buildTargets } from "../../src/forward/targets.ts";
import type { Sample } from "../../src/metrics/sample.ts";
import { LokiServer } from "../emulators/loki/server.ts";
import { CertificateAuthority } from "../tools/certificate_authority.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { InfluxServer, PostgresServer, until, VictoriaMetrics } from "../tools/real_stores.ts";
import { withJournal } from "../unit/events/desk.ts";

const LOCAL = { allow: ["127.0.0.0/8"], hub: "attic pi" };
const never = new AbortController().signal;

const targetsOf = (config: PushConfig) => buildTargets(config, { hostname: "unnamed", clock: systemClock });

/** The same with intervals that the file does not allow: tests need not wait. */
function hurried(config: PushConfig): PushConfig {
  const quick = <T>(each: T) => ({ ...each, interval_s: 0.1 });
  return {
    ...config,
    influx: config.influx.map(quick),
    otlp: config.otlp.map(quick),
    postgres: config.postgres.map(quick),
  };
}

const named = (name: string, value = 1): Sample => ({
  metric: "tapocam_camera_info",
  labels: { camera: "front", name, address: "" },
  value,
});

Deno.test("push: stores give back every label and value as it was [PUSH-OUT-INFLUX] [PUSH-OUT-VICTORIA] [PUSH-OUT-POSTGRES]", async (t) => {
  await using authority = await CertificateAuthority.make();
  await using influx = await InfluxServer.open();
  await using victoria = await VictoriaMetrics.open();
  await using postgres = await PostgresServer.open(await authority.issue("DNS:localhost,IP:127.0.0.1"));

  await t.step("labels of every kind of character", async () => {
    const parts = [
      "a",
      "B7",
      " ",
      ",",
      "=",
      '"',
      "'",
      "ü",
      "門",
      "😀",
      "#",
      "{",
      "%0A",
      "\t",
      "\n",
      "\\",
      "$",
    ];
    const names = Array.from({ length: 120 }, (_, at) =>
      `n${at} ` +
      Array.from({ length: 1 + at % 7 }, (_, place) => parts[(at * 7 + place * 5 + at % 3) % parts.length])
        .join(""));
    const samples = names.map((name, at) => named(name, at / 8));
    const { values } = targetsOf(pushSection.parse({
      ...LOCAL,
      influx: [
        { url: influx.url, database: "cameras", username: "hub", password: "right" },
        { id: "victoria", url: victoria.url },
      ],
      postgres: [{ url: postgres.url, password: "right" }],
    }));
    const atMs = Date.now() - 1000;
    const given = [...samples, { ...named("none"), value: NaN }];
    for (const { target } of values) {
      const parcel = target.encode({ atMs, startedAtMs: atMs, samples: given });
      assertEquals(parcel.count, names.length);
      // Twice: what arrived and was not confirmed is sent again.
      for (let time = 0; time < 2; time++) await target.send([parcel], never);
    }
    // deno-lint-ignore no-control-regex -- what the format cannot carry
    const carried = (name: string) => name.replace(/[\x00-\x1f]/g, " ").replaceAll("\\", "/");
    const expected = samples.map(({ labels: { name = "" }, value }) => [carried(name), value]).sort();
    const rows = await influx.rows("SELECT * FROM tapocam");
    assertEquals(rows.map((row) => [row["name"], row["camera_info"]]).sort(), expected);
    assertEquals(
      [rows[0]?.["time"], rows[0]?.["job"], rows[0]?.["instance"], rows[0]?.["camera"]],
      [atMs, "tapocam", "attic pi", "front"],
    );
    await until(async () => (await victoria.series("tapocam_camera_info")).length >= 120, "VictoriaMetrics");
    const series = await victoria.series("tapocam_camera_info");
    assertEquals(series.map(({ metric, values }) => [metric["name"], ...values]).sort(), expected);
    assertEquals(Object.keys(series[0]?.metric ?? {}).sort(), [
      "__name__",
      "camera",
      "instance",
      "job",
      "name",
    ]);
    const kept = await postgres.ask(
      "SELECT json_build_array(hub, camera, labels->>'name', value, extract(epoch FROM time) * 1000) FROM tapocam_samples",
    );
    assertEquals(
      kept.map((line) => JSON.parse(line)).sort(),
      samples.map(({ labels: { name }, value }) => ["attic pi", "front", name, value, atMs]).sort(),
    );
    for (const { target } of values) await target.close?.();
  });

  await t.step("what came while stores were away is there once, in order [PUSH-OUT-OUTAGE]", async () => {
    let told = 0;
    const samples = (): Sample[] => [
      { metric: "tapocam_stream_frames_total", labels: { camera: "outage" }, value: ++told },
    ];
    const config = hurried(pushSection.parse({
      ...LOCAL,
      influx: [
        { url: influx.url, database: "cameras", username: "hub", password: "right" },
        { id: "victoria", url: victoria.url },
      ],
      postgres: [{ url: postgres.url, password: "right", events: false }],
    }));
    const inInflux = async () =>
      (await influx.rows("SELECT stream_frames_total AS n FROM tapocam WHERE camera = 'outage'"))
        .map(({ n }) => n as number).sort((a, b) => a - b);
    const inPostgres = async () =>
      (await postgres.ask("SELECT value FROM tapocam_samples WHERE camera = 'outage' ORDER BY value")).map(
        Number,
      );
    const there = async () =>
      (await victoria.series('tapocam_stream_frames_total{camera="outage"}'))[0]?.values ?? [];
    await forwarding({ config: () => config, samples }, async ({ forwarded, failures }) => {
      await until(
        async () => (await inInflux()).length > 1 && (await inPostgres()).length > 1,
        "first values",
      );
      await Promise.all([influx.stop(), postgres.stop()]);
      const [before, reached] = [told, (await there()).length];
      // One that is there is not delayed by those that are away.
      await until(async () => (await there()).length > reached + 5, "VictoriaMetrics meanwhile");
      assert(forwarded() > before);
      await until(() => failures().filter((count) => count > 0).length === 2, "failures of both");
      await Promise.all([influx.start(), postgres.start()]);
      const since = told;
      await until(
        async () => (await inInflux()).length > since && (await inPostgres()).length > since,
        "all values",
      );
    });
    const all = Array.from({ length: told }, (_, at) => at + 1);
    assertEquals(await inInflux(), all);
    assertEquals(await inPostgres(), all);
  });

  await t.step(
    "a wrong password is said in words, and not tried over and over [PUSH-OUT-REFUSED]",
    async () => {
      const config = hurried(pushSection.parse({
        ...LOCAL,
        influx: [{ url: influx.url, database: "cameras", username: "hub", password: "wr0ng-secret" }],
        postgres: [{ url: postgres.url.replace("hub@", "hub:wr0ng-secret@"), events: false }],
      }));
      const other = { ...hurried(pushSection.parse(LOCAL)) };
      let now = config;
      let ticks = 0;
      const samples = () => [named("refused", ++ticks)];
      await forwarding({ config: () => now, samples }, async ({ warnings, lines, failures }) => {
        await until(() => warnings.list.length === 2 && ticks > 8, "the warnings");
        const texts = warnings.list.map(({ code, message, hint }) => `${code}: ${message}. ${hint}`).sort();
        assertMatch(
          texts[0] ?? "",
          /^push_influx: Values cannot be pushed to "influx": .*HTTP 401.*password$/,
        );
        assertMatch(
          texts[1] ?? "",
          /^push_postgres: .*PostgreSQL "postgres" refuses the password of "hub"\. Check the target's password$/,
        );
        assertEquals(failures(), [1, 1]);
        assert(!(lines.join() + texts.join()).includes("wr0ng-secret"), lines.join("\n"));
        // The warnings go with what they are about.
        now = other;
        await until(() => warnings.list.length === 0, "the end of the warnings");
      });
    },
  );

  await t.step(
    "events: once each, brought up to date; a new start goes on where it was [PUSH-OUT-EVENTS]",
    async () => {
      const config = pushSection.parse({ ...LOCAL, postgres: [{ url: postgres.url, password: "right" }] });
      const query =
        "SELECT seq, kind, camera, ended_at IS NOT NULL, details->>'zone' FROM tapocam_events ORDER BY seq";
      await withJournal(async ({ journal, draft, told }) => {
        const deps = { config: () => config, samples: () => [], journal };
        await forwarding(deps, async () => {
          journal.record(draft({ kind: "login" }));
          const event = journal.open(draft({ details: { zone: "gate's" } }));
          await until(async () => (await postgres.ask(query)).length === 1, "the beginning");
          assertEquals(await postgres.ask(query), ["2|motion|door|f|gate's"]);
          event.close(draft().startedAtMs);
          await until(async () => String(await postgres.ask(query)).includes("|t|"), "the end");
        });
        journal.record(draft({ kind: "person" }));
        await until(() => told.some(({ kind }) => kind === "person"), "the event");
        await forwarding(deps, async () => {
          await until(async () => (await postgres.ask(query)).length === 2, "what came meanwhile");
        });
        assertEquals(await postgres.ask(query), ["2|motion|door|t|gate's", "3|person|door|t|"]);
      });
    },
  );

  await t.step("an encrypted connection wants a certificate that is trusted [PUSH-OUT-TLS]", async () => {
    const [atMs, url] = [Date.now(), postgres.url.replace("127.0.0.1", "localhost")];
    const encrypted = (options: object) =>
      targetsOf(pushSection.parse({
        allow: ["127.0.0.0/8", "::1"],
        hub: "sealed",
        postgres: [{ url, password: "right", tls: true, ...options }],
      })).values[0]!.target;
    const trusting = encrypted({ ca: authority.ca });
    const parcel = trusting.encode({ atMs, startedAtMs: atMs, samples: [named("x")] });
    await trusting.send([parcel], never);
    const sessions = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'hub'";
    assertEquals(await postgres.ask(sessions), ["t"]);
    await trusting.close?.();
    const other = encrypted({});
    const error = await assertRejects(() => other.send([parcel], never), HubError);
    assertMatch(error.message, /PostgreSQL "postgres" has a certificate that is not trusted/);
    assertEquals(error.retryable, false);
  });

  await t.step(
    "many hubs make the tables at the same time; rights that lack are told [PUSH-OUT-POSTGRES]",
    async () => {
      const atMs = Date.now();
      const hubs = Array.from({ length: 5 }, (_, at) =>
        targetsOf(pushSection.parse({
          ...LOCAL,
          hub: `hub ${at}`,
          postgres: [{ url: postgres.url, password: "right", schema: "cams" }],
        })).values.map(({ target }) => target)).flat();
      await Promise.all(hubs.map(async (target) => {
        await target.send([target.encode({ atMs, startedAtMs: atMs, samples: [named("x")] })], never);
        await target.close?.();
      }));
      assertEquals(await postgres.ask("SELECT hub FROM cams.tapocam_samples ORDER BY hub"), [
        "hub 0",
        "hub 1",
        "hub 2",
        "hub 3",
        "hub 4",
      ]);
      await postgres.ask("CREATE ROLE guest LOGIN PASSWORD 'right'");
      const guest = targetsOf(pushSection.parse({
        ...LOCAL,
        postgres: [{ url: postgres.url.replace("hub@", "guest:right@"), schema: "cams" }],
      })).values[0]!.target;
      const parcel = guest.encode({ atMs, startedAtMs: atMs, samples: [named("x")] });
      const error = await assertRejects(() => guest.send([parcel], never), HubError);
      assertStringIncludes(error.message, 'does not allow "guest" to write in "cameras"');
      await postgres.ask(
        "GRANT USAGE ON SCHEMA cams TO guest; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA cams TO guest",
      );
      await guest.send([parcel], never);
      await guest.close?.();
      assertEquals(await postgres.ask("SELECT hub FROM cams.tapocam_samples WHERE hub = 'attic pi'"), [
        "attic pi",
      ]);
    },
  );

  await t.step("the queries of docs/push.md answer [PUSH-OUT-POSTGRES]", async () => {
    const page = await Deno.readTextFile(new URL("../../docs/push.md", import.meta.url));
    const section = page.slice(page.indexOf("In Grafana (data source PostgreSQL)"));
    const statements = /```sql\n([\s\S]*?)```/.exec(section)?.[1]?.split(";\n").filter((each) =>
      each.trim()
    ) ??
      [];
    assertEquals(statements.length, 3);
    // What Grafana makes of its macros.
    const plain = (text: string) =>
      text.replace(/\$__timeGroupAlias\(time, \$__interval\)/, "date_trunc('minute', time) AS time")
        .replace(/\$__timeFilter\((\w+)\)/g, "$1 > now() - interval '100 years'");
    const [latency, frames, events] = await Promise.all(statements.map((each) => postgres.ask(plain(each))));
    assertEquals(latency, []);
    assert((frames?.length ?? 0) > 2, String(frames));
    assert(frames?.slice(1).every((row) => Number(row.split("|")[2]) > 0), String(frames));
    assertEquals(events?.map((row) => row.split("|").slice(2).join()).sort(), ["motion,door", "person,door"]);
  });

  await t.step(
    "the compiled hub sends to all of them at once, also after a reload [PUSH-OUT-HUB]",
    async () => {
      await using loki = new LokiServer("lok1-secret");
      const start =
        "cameras: [{id: a, type: testpattern, width: 320, height: 180}]\nwebcams: {auto: false}\n";
      await using hub = await HubProcess.start({
        config: start,
        env: { PG_WORD: "right", LOKI: "lok1-secret" },
      });
      await hub.login();
      await Deno.writeTextFile(
        hub.configPath!,
        `${start}metrics:
  push:
    allow: [127.0.0.0/8]
    hub: compiled
    influx:
      - {id: attic, url: "${influx.url}", database: cameras, username: hub, password: right, interval_s: 5}
      - {id: victoria, url: "${victoria.url}", interval_s: 5}
    loki: [{url: "${loki.url}", token: "\${LOKI}", labels: {site: home}}]
    postgres: [{url: "${postgres.url}", password: "\${PG_WORD}", interval_s: 5}]
`,
      );
      const { needs_restart } = await hub.client.operation("reload_config", {});
      assertEquals(needs_restart, []);
      const text = async () => await (await hub.client.fetch("/metrics/prometheus")).text();
      const count = async (name: string, target: string) =>
        Number(
          new RegExp(`^tapocam_push_${name}_total{target="${target}"} (\\d+)`, "m").exec(await text())?.[1],
        );
      for (const target of ["attic", "victoria", "postgres"]) {
        await hub.waitFor(async () => await count("samples", target) > 50, target);
        assertEquals([await count("failures", target), await count("dropped", target)], [0, 0]);
      }
      await hub.client.operation("disconnect_camera", { camera_id: "a" });
      await hub.waitFor(() => loki.entries.some(({ labels: { kind } }) => kind === "camera_state"), "Loki");
      assertEquals(loki.entries[0]?.labels["instance"], "compiled");
      assertEquals(loki.entries[0]?.labels["site"], "home");
      const stored = "SELECT count(*) > 0 FROM tapocam_events WHERE hub = 'compiled'";
      await hub.waitFor(async () => (await postgres.ask(stored))[0] === "t", "events in PostgreSQL");
      // Every series of /metrics has its like there, under the same name and labels.
      const names = [...(await text()).matchAll(/^\w+(?=[ {])/gm)].map(([name]) => name);
      const missing = async () => {
        const series = await victoria.series('{instance="compiled"}');
        const pushed = new Set(series.map(({ metric }) => metric["__name__"]));
        return names.filter((name) => !pushed.has(name));
      };
      assert(names.length > 20);
      await hub.waitFor(async () => (await missing()).length === 0, "all names in VictoriaMetrics");
      assertEquals(await hub.stop(), 0);
      assert(!hub.text.includes("lok1-secret"));
    },
  );
});

interface Running {
  warnings: Warnings;
  lines: string[];
  /** Values that were taken so far, of all targets. */
  forwarded(): number;
  /** Tries that failed, by target. */
  failures(): number[];
}

/** Pushes while the work is done; then what waits is sent. */
async function forwarding(
  deps: Pick<ForwardingDeps, "config" | "samples"> & Partial<Pick<ForwardingDeps, "journal">>,
  work: (running: Running) => Promise<void>,
): Promise<void> {
  const lines: string[] = [];
  const warnings = new Warnings(Date.now);
  const none = {
    since: () => noEvents(),
    position: () => noEvents(),
    list: () => noEvents(),
    subscribe: () => () => {},
  };
  const forwarding = new Forwarding({
    clock: systemClock,
    log: new Logger((line) => lines.push(line), "debug"),
    warnings,
    journal: none,
    startedAtMs: Date.now(),
    hostname: "unnamed",
    ...deps,
  });
  const stopped = new AbortController();
  const running = forwarding.run(stopped.signal);
  const all = (name: string) =>
    forwarding.counts.samples.filter(({ metric }) => metric === `tapocam_push_${name}_total`).map((each) =>
      each.value
    );
  try {
    await work({
      warnings,
      lines,
      forwarded: () => all("samples").reduce((sum, each) => sum + each, 0),
      failures: () => all("failures"),
    });
  } finally {
    stopped.abort();
    await running;
  }
}

function noEvents(): never {
  throw new Error("No target of events was named");
}
