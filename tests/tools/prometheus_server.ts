// A real Prometheus (Debian's) that scrapes one hub every second, in a folder of its own.
import { freePort } from "./free_port.ts";

/** A series with the newest of its values, as PromQL answered. */
export interface Series {
  labels: Record<string, string>;
  value: number;
}

/** Runs until it is disposed of. It is there some time after `start`. */
export class PrometheusServer implements AsyncDisposable {
  readonly #folder: string;
  readonly #address: string;
  readonly #process: Deno.ChildProcess;

  private constructor(folder: string, address: string, process: Deno.ChildProcess) {
    this.#folder = folder;
    this.#address = address;
    this.#process = process;
  }

  /** Scrapes `target`, an address with a port, as the job `tapocam`. */
  static async start(target: string): Promise<PrometheusServer> {
    const folder = await Deno.makeTempDir({ prefix: "prometheus-" });
    const address = `127.0.0.1:${freePort()}`;
    await Deno.writeTextFile(
      `${folder}/prometheus.yml`,
      "scrape_configs:\n" +
        `  - {job_name: tapocam, scrape_interval: 1s, static_configs: [{targets: ["${target}"]}]}\n`,
    );
    const process = new Deno.Command("prometheus", {
      args: [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=${address}`,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    return new PrometheusServer(folder, address, process);
  }

  /** True as soon as it answers. */
  async isReady(): Promise<boolean> {
    const answer = await fetch(`http://${this.#address}/-/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok ?? false;
  }

  /** The series that the query gives now. @throws Error with what Prometheus says of it. */
  async query(expr: string): Promise<Series[]> {
    const { result } = await this.#ask("query", { query: expr });
    return result.map(({ metric, value }: Answered) => ({ labels: metric, value: Number(value?.[1]) }));
  }

  /** The same over the last seconds, with the newest value of each. */
  async queryRange(expr: string, lastS: number): Promise<Series[]> {
    const end = Date.now() / 1000;
    const range = { query: expr, start: String(end - lastS), end: String(end), step: "1" };
    const { result } = await this.#ask("query_range", range);
    return result.map(({ metric, values }: Answered) => ({
      labels: metric,
      value: Number(values?.at(-1)?.[1]),
    }));
  }

  /** What it knows of metrics: type, help, unit. */
  // deno-lint-ignore no-explicit-any -- an answer of the API
  async metadata(metric: string): Promise<any> {
    return await this.#ask("metadata", { metric });
  }

  /** The values of a label in series that match. */
  async labelValues(label: string, match: string): Promise<string[]> {
    return await this.#ask(`label/${label}/values`, { "match[]": match });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#process.status;
    await Deno.remove(this.#folder, { recursive: true });
  }

  // deno-lint-ignore no-explicit-any -- the answers differ
  async #ask(what: string, params: Record<string, string>): Promise<any> {
    const answer = await fetch(`http://${this.#address}/api/v1/${what}?${new URLSearchParams(params)}`);
    const { data, error } = await answer.json();
    if (!answer.ok) throw new Error(`Prometheus: ${error}, in ${params["query"] ?? what}`);
    return data;
  }
}

interface Answered {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
}
