// Tickets: what the hub signs for programs that cannot send a token. A view ticket stands in the address of a picture; a
// control ticket is sent by a page of another site that may move one camera. Each is for one camera and a few minutes.
import { Buffer } from "node:buffer";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import { type Principal, ROLES } from "./roles.ts";

/** Tickets can be told from other text, and so be blanked in it: see base/secret.ts. */
const PREFIX = "tapolink_";
/** How long a ticket is good at most. */
export const MAX_TICKET_MS = 5 * 60_000;
/** By so much the clock may have been set back since a ticket was made. */
const CLOCK_SLACK_MS = 30_000;

const USES = ["view", "control"] as const;
/** `view`: sees one camera; `control`: moves it. */
export type TicketUse = typeof USES[number];

const content = z.strictObject({
  use: z.enum(USES),
  camera: z.string(),
  user: z.string(),
  role: z.enum(ROLES),
  /** What the login is known by that asked for it: `Access.holderOf`. */
  holder: z.string(),
  madeAtMs: z.int(),
  expiresAtMs: z.int(),
  /** Makes each another: browsers take two pictures of one address for one. */
  nonce: z.string(),
});
type Content = z.infer<typeof content>;

/** What a good ticket says. */
export interface TicketBearer {
  camera: string;
  /** Who asked for it, with the role that he had. */
  principal: Principal;
  holder: string;
}

/** Signs and checks tickets (HMAC-SHA256). */
export class Tickets {
  readonly #key: () => Promise<Uint8Array>;
  readonly #clock: Clock;
  readonly #isGood: (holder: string) => Promise<boolean>;

  /**
   * @param options.key secret bytes, the same for as long as tickets are to last.
   * @param options.isGood whether the login that asked for a ticket is still good.
   */
  constructor(
    options: { key: () => Promise<Uint8Array>; clock: Clock; isGood: (holder: string) => Promise<boolean> },
  ) {
    this.#key = options.key;
    this.#clock = options.clock;
    this.#isGood = options.isGood;
  }

  /** @param lifetimeMs cut to `MAX_TICKET_MS`. */
  async issue(
    use: TicketUse,
    { camera, principal, holder }: TicketBearer,
    lifetimeMs: number,
  ): Promise<{ ticket: string; expiresAtMs: number }> {
    const madeAtMs = this.#clock.now();
    const expiresAtMs = madeAtMs + Math.min(lifetimeMs, MAX_TICKET_MS);
    const { user, role } = principal;
    const said: Content = {
      use,
      camera,
      user,
      role,
      holder,
      madeAtMs,
      expiresAtMs,
      nonce: randomBytes(6).toString("base64url"),
    };
    const payload = Buffer.from(JSON.stringify(said)).toString("base64url");
    return { ticket: `${PREFIX}${payload}.${await this.#sign(payload)}`, expiresAtMs };
  }

  /**
   * @param use what it is used for.
   * @param camera the camera it is used for, where that is known yet.
   * @throws HubError `unauthenticated` for one that is not of this hub, too old, or whose login has ended; `forbidden`
   * for one of another camera or for something else.
   */
  async check(ticket: string, use: TicketUse, camera?: string): Promise<TicketBearer> {
    const said = await this.#read(ticket);
    const { user, role, holder } = said;
    const nowMs = this.#clock.now();
    const isMadeLater = said.madeAtMs > nowMs + CLOCK_SLACK_MS;
    if (nowMs >= said.expiresAtMs || isMadeLater) throw refused("This address has expired");
    if (!await this.#isGood(holder)) throw refused("The login that this address was made for has ended");
    if (said.use !== use) throw new HubError("forbidden", `This ticket is not for ${VERBS[use]}`);
    if (camera !== undefined && said.camera !== camera) {
      throw new HubError("forbidden", `This address is for camera "${said.camera}", not for "${camera}"`, {
        hint: ASK_ANEW,
      });
    }
    return { camera: said.camera, principal: { user, role }, holder };
  }

  async #read(ticket: string): Promise<Content> {
    const [payload = "", signature = "", ...rest] = ticket.slice(PREFIX.length).split(".");
    const expected = Buffer.from(await this.#sign(payload));
    const given = Buffer.from(signature);
    const isRight = expected.length === given.length && timingSafeEqual(expected, given);
    if (!isTicket(ticket) || rest.length > 0 || !isRight) {
      throw refused("This address was not signed by this hub");
    }
    return content.parse(JSON.parse(Buffer.from(payload, "base64url").toString()));
  }

  async #sign(payload: string): Promise<string> {
    return createHmac("sha256", await this.#key()).update(payload).digest("base64url");
  }
}

const VERBS: Readonly<Record<TicketUse, string>> = { view: "looking", control: "moving a camera" };
const ASK_ANEW = "Ask for a new one: GET /api/cameras/{id}/view-link, with a login or a token";

function refused(message: string): HubError {
  return new HubError("unauthenticated", message, { hint: ASK_ANEW });
}

/** True for what looks like a ticket. */
export function isTicket(value: string): boolean {
  return value.startsWith(PREFIX);
}
