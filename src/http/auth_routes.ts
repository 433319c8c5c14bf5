// Logging in and out, and changing one's password.
import { Hono } from "hono";
import { z } from "zod";
import type { Access } from "../auth/access.ts";
import { HubError } from "../base/errors.ts";
import { abortable } from "../base/scope.ts";
import { Secret } from "../base/secret.ts";
import type { OpenStreams } from "./open_streams.ts";
import { jsonBody } from "./body.ts";
import { clearSession, type GateEnv, remoteAddress, sessionToken, setSession } from "./gate.ts";
import { forgetTriedUser, keepTriedUser } from "./tried_user.ts";

/** A form that comes in drops must not be held for ever. */
const READ_DEADLINE_MS = 10_000;

const change = z.strictObject({
  username: z.string().max(64).optional().meta({
    description: "Must be the user who is logged in, when given",
  }),
  current_password: z.string().max(1000).optional(),
  new_password: z.string().max(1000),
});

/** Routes of the account. */
export function authRoutes(access: Access, openStreams: OpenStreams): Hono<GateEnv> {
  const app = new Hono<GateEnv>();

  app.post("/login", async (c) => {
    const reading = abortable(c.req.formData(), AbortSignal.timeout(READ_DEADLINE_MS));
    const form = await reading.catch(() => {
      throw new HubError("invalid_input", "The body is not a form", {
        hint: "Send username and password as a form",
      });
    });
    const field = (name: string) => String(form.get(name) ?? "");
    try {
      setSession(c, await access.login(field("username"), new Secret(field("password")), remoteAddress(c)));
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      const why = { unauthenticated: "wrong", locked_out: "throttled" }[error.kind as string];
      if (why === undefined) throw error;
      keepTriedUser(c, field("username"));
      return c.redirect(`/login?error=${why}${nextQuery(field("next"))}`, 303);
    }
    forgetTriedUser(c);
    return c.redirect(localPath(field("next")), 303);
  });

  app.post("/logout", async (c) => {
    const token = sessionToken(c);
    if (token !== undefined) {
      await access.logout(token);
      openStreams.close(token);
    }
    clearSession(c);
    return c.redirect("/login", 303);
  });

  app.post("/api/account/password", async (c) => {
    const body = change.safeParse(await jsonBody(c));
    if (!body.success) throw new HubError("invalid_input", z.prettifyError(body.error));
    if (c.get("way") !== "browser") {
      throw new HubError("forbidden", "A password is changed by its user, in a browser", {
        hint: 'On the hub itself there is "tapo-camera-mcp user add NAME"',
      });
    }
    const { username, current_password, new_password } = body.data;
    const { user } = c.get("principal");
    if (username !== undefined && username !== user) {
      throw new HubError("forbidden", `You are logged in as ${user} and can change only that password`, {
        hint: 'For other users there is "tapo-camera-mcp user add NAME" on the hub',
      });
    }
    await access.changePassword(user, {
      current: current_password === undefined ? undefined : new Secret(current_password),
      next: new Secret(new_password),
      session: c.get("session"),
      address: remoteAddress(c),
    });
    await openStreams.check(access);
    return c.json({ success: true, user, verified: "acknowledged" });
  });

  return app;
}

/** Only a path of this hub is followed after a login. */
function localPath(next: string): string {
  return /^\/(?![/\\])[\w\-./]*$/.test(next) ? next : "/";
}

function nextQuery(next: string): string {
  return next === "" ? "" : `&next=${encodeURIComponent(localPath(next))}`;
}
