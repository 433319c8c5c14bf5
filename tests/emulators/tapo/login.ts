// What all ways of logging in share: the accounts, the lock, and the shape of an answer.
import type { PasswordForm } from "./digests.ts";
import type { JsonObject } from "./json.ts";
import type { Lockout } from "./lockout.ts";
import type { Received } from "./received.ts";
import type { Sessions } from "./sessions.ts";

/** `v2`: hashed password, plain requests. `v3`: encrypted requests. `tpap`: newer than both, not emulated. */
export type LoginKind = "v2" | "v3" | "tpap";

export interface CameraAccount {
  username: string;
  password: string;
}

/** `admin` has the cloud password; the camera account is meant for RTSP and ONVIF. */
export interface Accounts {
  cloudPassword: string;
  cameraAccount: CameraAccount;
  passwordForm: PasswordForm;
}

export interface LoginContext {
  readonly accounts: Accounts;
  readonly lockout: Lockout;
  readonly sessions: Sessions;
  readonly received: Received;
}

export interface LoginAnswer {
  status: number;
  body: JsonObject;
}

/** The password of that user; nothing if there is no such user. */
export function passwordOf(accounts: Accounts, username: string): string | undefined {
  if (username === "admin") return accounts.cloudPassword;
  return username === accounts.cameraAccount.username ? accounts.cameraAccount.password : undefined;
}

export function userGroupOf(username: string): string {
  return username === "admin" ? "root" : "third_account";
}

/** Counts a wrong password. The answer is the lockout's when this one was too many, else the one given. */
export function refuseWrongPassword(context: LoginContext, otherwise: JsonObject): LoginAnswer {
  context.received.loginAttempts.wrong++;
  context.lockout.wrongPassword();
  return { status: 200, body: context.lockout.isLocked ? context.lockout.answer() : otherwise };
}
