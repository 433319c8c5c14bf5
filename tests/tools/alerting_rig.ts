// Prometheus and Alertmanager, Debian's, with the files of an exported Grafana folder in a hurry: everything that waits for
// half a minute there waits for a second here.
import { freePort } from "./free_port.ts";

/** A rule as Prometheus tells of it. */
interface ToldRule {
  name: string;
  health: string;
  lastError?: string;
}

/** Both servers. They run until they are disposed of. */
export class AlertingRig implements AsyncDisposable {
  readonly #prometheus: string;
  readonly #servers: Deno.ChildProcess[];

  private constructor(prometheus: string, servers: Deno.ChildProcess[]) {
    this.#prometheus = prometheus;
    this.#servers = servers;
  }

  /** Starts them on a folder, whose files it changes. The tokens become the files that the configurations name. */
  static async start(folder: string, tokens: { metrics: string; alerts: string }): Promise<AlertingRig> {
    const [prometheus, alertmanager] = [`127.0.0.1:${freePort()}`, `127.0.0.1:${freePort()}`];
    await Deno.writeTextFile(`${folder}/prometheus/camhub_token`, tokens.metrics);
    await Deno.writeTextFile(`${folder}/alertmanager/camhub_alert_token`, tokens.alerts);
    await edit(`${folder}/prometheus/prometheus.yml`, /\b30s/g, "1s");
    await edit(`${folder}/prometheus/prometheus.yml`, "alertmanager:9093", alertmanager);
    await edit(`${folder}/prometheus/tapocam.rules.yml`, /interval: 30s/g, "interval: 1s");
    await edit(`${folder}/prometheus/tapocam.rules.yml`, /for: \w+/g, "for: 0s");
    await edit(`${folder}/alertmanager/alertmanager.yml`, "group_wait: 10s", "group_wait: 0s");
    await edit(`${folder}/alertmanager/alertmanager.yml`, "group_interval: 1m", "group_interval: 1s");
    return new AlertingRig(prometheus, [
      spawn("prometheus", [
        `--config.file=${folder}/prometheus/prometheus.yml`,
        `--storage.tsdb.path=${folder}/prometheus/data`,
        `--web.listen-address=${prometheus}`,
      ]),
      spawn("prometheus-alertmanager", [
        `--config.file=${folder}/alertmanager/alertmanager.yml`,
        `--storage.path=${folder}/alertmanager/data`,
        `--web.listen-address=${alertmanager}`,
        "--cluster.listen-address=",
      ]),
    ]);
  }

  /** The rules that were loaded; none as long as it is not up. */
  async rules(): Promise<ToldRule[]> {
    const answer = await fetch(`http://${this.#prometheus}/api/v1/rules`).catch(() => undefined);
    if (!answer?.ok) {
      await answer?.body?.cancel();
      return [];
    }
    const { data } = await answer.json();
    return data.groups.flatMap((group: { rules: ToldRule[] }) => group.rules);
  }

  /** What an instant query gives; an error as Prometheus words it. */
  async query(expr: string): Promise<{ series: { value: [number, string] }[]; error: string | undefined }> {
    const address = `http://${this.#prometheus}/api/v1/query`;
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ query: expr }) });
    const { data, error } = await answer.json();
    return { series: data?.result ?? [], error };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.kill("SIGTERM");
    for (const server of this.#servers) await server.status;
  }
}

function spawn(program: string, args: string[]): Deno.ChildProcess {
  return new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
}

/** @throws Error when there is nothing to replace. */
async function edit(path: string, what: string | RegExp, by: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  const changed = text.replace(what, by);
  if (changed === text) throw new Error(`${path} has no ${what}`);
  await Deno.writeTextFile(path, changed);
}
