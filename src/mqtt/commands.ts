// What the broker's clients ask for becomes an operation, with the rights of an operator.
import type { Principal } from "../auth/roles.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Hub } from "../operations/hub.ts";
import { OPERATIONS } from "../operations/index.ts";
import { invoke } from "../operations/invoke.ts";
import type { Incoming } from "./link.ts";
import { SWITCHES } from "./switches.ts";
import type { Topics } from "./topics.ts";

/** Who acts when a command comes from the broker. */
const MQTT_PRINCIPAL: Principal = { user: "mqtt", role: "operator" };
const MAX_PAYLOAD_BYTES = 200;
/** Commands that wait for one camera. */
const MAX_WAITING = 20;

/** An operation to be run. */
interface Wish {
  operation: string;
  input: Record<string, unknown>;
}

export interface CommandDeps {
  hub: Hub;
  topics: Topics;
  log: Logger;
  /** Takes a picture and tells it. */
  takeSnapshot(camera: string, signal: AbortSignal): Promise<void>;
  /** Told after each command, whatever came of it. */
  onDone(camera: string): void;
  /** Told why a command was not done. */
  onFailure(camera: string, failure: { command: string; error: HubError }): void;
}

/** Runs an operation as the broker's client. @throws HubError as the operation does. */
export function invokeForMqtt(hub: Hub, { operation, input }: Wish, signal: AbortSignal) {
  const found = OPERATIONS.get(operation);
  if (!found) throw new HubError("internal", `There is no operation ${operation}`);
  const context = { hub, principal: MQTT_PRINCIPAL, signal, report: () => {} };
  return invoke(found, context, input);
}

/** Takes commands, those of one camera one after the other. */
export class Commands {
  readonly #deps: CommandDeps;
  readonly #turns = new Map<string, { waiting: number; last: Promise<void> }>();

  constructor(deps: CommandDeps) {
    this.#deps = deps;
  }

  /** Takes what came for a command topic; never fails. Resolves when it is done. */
  async take(message: Incoming, signal: AbortSignal): Promise<void> {
    const about = this.#deps.topics.parseCommand(message.topic);
    if (!about) return;
    const { camera, what } = about;
    // Kept by the broker, it would be done again after every restart; nobody has asked for it now.
    if (message.isRetained) return this.#tellIgnored(camera, what, "it was retained");
    if (message.payload.length > MAX_PAYLOAD_BYTES) return this.#tellIgnored(camera, what, "it is too long");
    const turn = this.#turns.get(camera) ?? { waiting: 0, last: Promise.resolve() };
    if (turn.waiting >= MAX_WAITING) return this.#tellIgnored(camera, what, "too many are waiting");
    this.#turns.set(camera, turn);
    turn.waiting++;
    const payload = new TextDecoder().decode(message.payload).trim();
    turn.last = turn.last.then(() => this.#run({ camera, what, payload }, signal));
    await turn.last;
    if (--turn.waiting === 0) this.#turns.delete(camera);
  }

  async #run(command: { camera: string; what: string; payload: string }, signal: AbortSignal): Promise<void> {
    const { camera, what, payload } = command;
    const { hub, takeSnapshot, onDone, onFailure, log } = this.#deps;
    try {
      hub.manager.get(camera);
      if (what === "snapshot") await takeSnapshot(camera, signal);
      else {
        const { operation, input } = wishOf(what, payload);
        await invokeForMqtt(hub, { operation, input: { camera_id: camera, ...input } }, signal);
      }
    } catch (error) {
      if (isAbort(error) && signal.aborted) return;
      log.warn("A command of the MQTT broker was not done", { camera, command: what, error });
      onFailure(camera, { command: what, error: toHubError(error) });
    }
    onDone(camera);
  }

  #tellIgnored(camera: string, command: string, reason: string): void {
    this.#deps.log.warn("A command of the MQTT broker was ignored", { camera, command, reason });
  }
}

/** @throws HubError `not_found` or `invalid_input`. */
function wishOf(what: string, payload: string): Wish {
  if (what === "preset") return { operation: "recall_ptz_preset", input: { preset_id: payload } };
  const found = SWITCHES.find(({ name }) => name === what);
  if (!found) {
    const names = [...SWITCHES.map(({ name }) => name), "preset", "snapshot"];
    throw new HubError("not_found", `There is no command "${what}"`, {
      hint: `There are ${names.join(", ")}`,
    });
  }
  const isOn = { ON: true, OFF: false }[payload.toUpperCase()];
  if (isOn === undefined) {
    throw new HubError("invalid_input", `${what} cannot be "${payload}"`, { hint: "Publish ON or OFF" });
  }
  return found.command(isOn);
}
