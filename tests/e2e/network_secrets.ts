// Looks for secrets where none may be: in what the hub answers and prints, and in what everybody may see in /proc.
import { createHash } from "node:crypto";
import { HttpClient } from "../tools/http_client.ts";

/** A secret and what else gives it away: encodings, and hashes that cameras take in its place. */
export function formsOf(secret: string): string[] {
  const hash = (name: string) => createHash(name).update(secret).digest("hex");
  const hashes = ["md5", "sha256"].map(hash);
  return [
    secret,
    encodeURIComponent(secret),
    // As in the user part of an address, where less is encoded.
    secret.replace(/[%:/?#@'"\\]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
    btoa(secret),
    ...hashes,
    ...hashes.map((text) => text.toUpperCase()),
  ];
}

/** Where a text holds one of the secrets, with what stands around it. */
export function findIn(text: string, forms: readonly string[], where: string): string[] {
  return forms.flatMap((form) => {
    const at = text.indexOf(form);
    return at < 0 ? [] : [`${where}: …${text.slice(Math.max(0, at - 80), at + form.length + 20)}…`];
  });
}

/** A client that keeps every text it is answered. */
export class HeardClient extends HttpClient {
  readonly heard: { path: string; text: string }[] = [];

  override async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await super.fetch(path, init);
    const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    const isText = /json|html|text/.test(response.headers.get("content-type") ?? "");
    const what = `${init.method ?? "GET"} ${path.split("?")[0]} ${response.status}`;
    if (!isText) {
      this.heard.push({ path: what, text: head });
      return response;
    }
    const text = await response.text();
    this.heard.push({ path: what, text: `${head}\n${text}` });
    const { status, headers } = response;
    const isEmpty = [204, 303, 304].includes(status);
    return new Response(isEmpty ? null : text, { status, headers });
  }
}

const EVERY_MS = 20;

/** Notes every command line and environment of a process and of all below it, fifty times a second. */
export class ProcessWatch implements AsyncDisposable {
  readonly #pid: number;
  readonly #running: Promise<void>;
  readonly seen = new Set<string>();
  samples = 0;
  #isOver = false;

  constructor(pid: number) {
    this.#pid = pid;
    this.#running = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      await this.#look(this.#pid);
      this.samples++;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  async #look(pid: number): Promise<void> {
    const folder = `/proc/${pid}`;
    for (const name of ["cmdline", "environ"]) {
      const text = await read(`${folder}/${name}`);
      if (text !== "") this.seen.add(`${name}: ${text.replaceAll("\0", " ")}`);
    }
    for (const thread of await list(`${folder}/task`)) {
      const children = await read(`${folder}/task/${thread}/children`);
      for (const child of children.split(" ").filter(Boolean)) await this.#look(Number(child));
    }
  }
}

/** A process may end while it is looked at. */
async function read(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch(() => "");
}

async function list(path: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
  } catch {
    // The same.
    return [];
  }
}

/** Every file below a folder, with its rights. */
export async function filesBelow(folder: string): Promise<{ path: string; mode: number }[]> {
  const found: { path: string; mode: number }[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    found.push({ path, mode: (await Deno.stat(path)).mode ?? 0 });
    if (isDirectory) found.push(...await filesBelow(path));
  }
  return found;
}
