// Guards of the accounts that a camera's streams have: those of its options, and passwords in the streams' addresses.
import { secretsInAddress } from "../base/address_secrets.ts";
import { Secret } from "../base/secret.ts";
import { type CameraUrl, formatCameraUrl } from "../protocols/rtsp/camera_url.ts";
import { AccountGuard, type GuardContext } from "./account_guard.ts";

/** User and password of the options. */
export interface StreamAccount {
  username?: string | undefined;
  password?: Secret | undefined;
}

/** Makes the guards of one device. Streams with the same account share one. */
export class StreamGuards {
  readonly #device: string;
  readonly #context: GuardContext;
  readonly #guards = new Map<string, AccountGuard>();

  /** @param device As in `GuardedAccount`. */
  constructor(device: string, context: GuardContext) {
    this.#device = device;
    this.#context = context;
  }

  /** The guard of a stream; undefined for one without an account. The camera's main stream is asked for first. */
  of(url: CameraUrl, { username = url.username, password }: StreamAccount): AccountGuard | undefined {
    const secrets = [password?.reveal() ?? url.password, ...secretsInAddress(formatCameraUrl(url))]
      .filter((secret) => secret !== undefined);
    if (username === undefined && secrets.length === 0) return undefined;
    const text = secrets.join("\n");
    const key = `${username ?? ""}\n${text}`;
    const found = this.#guards.get(key);
    if (found) return found;
    const account = this.#guards.size === 0 ? "stream" : "small stream";
    const guarded = { device: this.#device, account, username: username ?? "", password: new Secret(text) };
    const guard = new AccountGuard(guarded, this.#context);
    this.#guards.set(key, guard);
    return guard;
  }
}
