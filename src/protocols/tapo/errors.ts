// What Tapo's error codes mean: the kind of problem, a sentence for people and what they can do about it.
import { type ErrorKind, HubError } from "../../base/errors.ts";

interface Meaning {
  kind: ErrorKind;
  message: string;
  hint?: string;
  retryable?: boolean;
}

/** Codes on which the client itself acts. */
export const TAPO_CODES = {
  ok: 0,
  invalidSession: -40401,
  blocked: -40404,
  systemBlocked: -40408,
  nonceExpired: -40409,
  badCredentials: -40411,
  invalidNonce: -40413,
  tooOften: -40109,
  missingParameters: -40211,
  unknownUser: -60502,
  tpapAuthentication: -40418,
  tpapSignature: -40420,
  tpapToken: -40421,
  motorBusy: -64303,
  endOfRange: -64304,
  presetWhileMoving: -64305,
  presetsFull: -64306,
  privacyOn: -64324,
  userIdInvalid: -71103,
  userIdFull: -71101,
  searchFailed: -71105,
} as const;

/** What a person does where firmware accepts only the newest login. */
export const COMPATIBILITY_HINT = "In the Tapo app open Me → Third-Party Compatibility and turn it on. " +
  "After an upgrade of the firmware turn it off and on again";

const NO_CARD: Meaning = {
  kind: "not_found",
  message: "There is no SD card in the camera",
  hint: "Put a card in, and format it in the Tapo app if it is new",
};
const NO_METHOD: Meaning = { kind: "unsupported", message: "This camera cannot do that" };
const TOO_MANY: Meaning = {
  kind: "unavailable",
  message: "The camera serves as many programs as it can",
  hint: "Close the Tapo app and other programs that use the camera, or wait a minute",
};
const NO_PRESET: Meaning = {
  kind: "not_found",
  message: "The camera does not know this position",
  hint: "Read the list of positions again: it may have been deleted in the Tapo app",
};
const WRONG_LOGIN: Meaning = {
  kind: "unauthenticated",
  message: "The camera refused the login",
  hint: "Use the password of the TP-Link account with which the camera was set up",
};
const BLOCKED: Meaning = {
  kind: "locked_out",
  message: "The camera refuses all logins for a while, because too many have failed",
  hint: "Wait about half an hour and correct the password meanwhile",
};
const NEWEST_LOGIN: Meaning = {
  kind: "unsupported",
  message: "The camera's firmware accepts only TP-Link's newest login",
  hint: COMPATIBILITY_HINT,
};
const CAMERA_AWAY: Meaning = {
  kind: "unavailable",
  message: "The hub cannot reach the camera that belongs to it",
  hint: "Check that the camera is charged and within reach of the hub",
};
const USER_IDS: Meaning = {
  kind: "unavailable",
  message: "Another program is looking through the recordings",
  hint: "Close the playback in the Tapo app",
};

const MEANINGS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  // Login and session
  [TAPO_CODES.invalidSession, {
    kind: "unauthenticated",
    message: "The camera no longer knows this session",
  }],
  [TAPO_CODES.blocked, BLOCKED],
  [TAPO_CODES.systemBlocked, BLOCKED],
  [-40405, {
    kind: "conflict",
    message: "The camera has not been set up yet",
    hint: "Set it up in the Tapo app first",
  }],
  [TAPO_CODES.nonceExpired, { kind: "unavailable", message: "The login took too long" }],
  [TAPO_CODES.badCredentials, WRONG_LOGIN],
  [TAPO_CODES.unknownUser, WRONG_LOGIN],
  [-40412, WRONG_LOGIN],
  [-60506, WRONG_LOGIN],
  [-1501, WRONG_LOGIN],
  [1003, WRONG_LOGIN],
  [-3, WRONG_LOGIN],
  [401, WRONG_LOGIN],
  [TAPO_CODES.invalidNonce, {
    kind: "unavailable",
    message: "The camera wants the login to begin again",
  }],
  [-40414, {
    kind: "unauthenticated",
    message: "The camera wants its own local password",
    hint: "Use the password of the camera account (Tapo app, Advanced settings, Camera account)",
  }],
  [TAPO_CODES.tpapAuthentication, NEWEST_LOGIN],
  [TAPO_CODES.tpapSignature, NEWEST_LOGIN],
  [TAPO_CODES.tpapToken, NEWEST_LOGIN],
  [-1, { kind: "unavailable", message: "The camera did not accept the session" }],
  [9999, { kind: "unavailable", message: "The session with the camera ran out" }],
  // What was asked for
  [-40101, { kind: "unsupported", message: "This camera does not have that setting" }],
  [-40105, NO_METHOD],
  [-40106, NO_METHOD],
  [-40210, NO_METHOD],
  [-1002, NO_METHOD],
  [-80101, { kind: "unsupported", message: "This camera cannot encrypt its recordings" }],
  [TAPO_CODES.tooOften, {
    kind: "unavailable",
    message: "The camera takes such a request once a second at most",
  }],
  [-40209, { kind: "device_rejected", message: "The camera does not accept that value" }],
  [TAPO_CODES.missingParameters, {
    kind: "device_rejected",
    message: "The camera misses part of the request",
  }],
  [-1008, { kind: "device_rejected", message: "The camera does not accept that value" }],
  [-40406, { kind: "invalid_input", message: "The value is beyond what the camera allows" }],
  [-40407, { kind: "device_rejected", message: "The camera refused without a reason" }],
  [-63103, { kind: "invalid_input", message: "The name is too long for the camera" }],
  [40108, { kind: "timeout", message: "The camera did not finish in time" }],
  // Moving
  [TAPO_CODES.privacyOn, {
    kind: "conflict",
    message: "The lens is covered: privacy mode is on",
    hint: "Turn privacy mode off first",
  }],
  [TAPO_CODES.endOfRange, {
    kind: "conflict",
    message: "The camera has reached the end of its range",
    hint: "Move it the other way",
  }],
  [TAPO_CODES.motorBusy, {
    kind: "unavailable",
    message: "The camera is still moving",
    hint: "Wait until it stands still, or stop its patrol",
  }],
  [TAPO_CODES.presetWhileMoving, {
    kind: "unavailable",
    message: "The position cannot be saved while the camera moves",
    hint: "Wait until it stands still",
  }],
  [TAPO_CODES.presetsFull, {
    kind: "conflict",
    message: "The camera has no room for another position",
    hint: "Delete a position first",
  }],
  [-64302, NO_PRESET],
  [-64321, NO_PRESET],
  [-64336, {
    kind: "device_rejected",
    message: "The camera does not look there: it is a private area",
    hint: "Change the private areas in the Tapo app",
  }],
  // Storage and recordings
  [-71114, NO_CARD],
  [-52409, NO_CARD],
  [-1104, NO_CARD],
  [-71115, { kind: "unavailable", message: "The SD card is being read in", hint: "Try again in a minute" }],
  [-52422, {
    kind: "device_rejected",
    message: "The camera cannot use the SD card",
    hint: "Format the card, or take another one",
  }],
  [TAPO_CODES.userIdFull, USER_IDS],
  [-71102, USER_IDS],
  [TAPO_CODES.userIdInvalid, {
    kind: "unavailable",
    message: "The camera has ended the search through its recordings",
  }],
  [TAPO_CODES.searchFailed, { kind: "unavailable", message: "The camera could not search its recordings" }],
  [-52402, { kind: "device_rejected", message: "The camera does not play that recording" }],
  // Limits
  [-52405, TOO_MANY],
  [-52407, TOO_MANY],
  [-52419, TOO_MANY],
  [-52417, TOO_MANY],
  [-52435, TOO_MANY],
  [-69096, TOO_MANY],
  [-52411, {
    kind: "unavailable",
    message: "Somebody else is talking through the camera",
    hint: "Wait until they have finished",
  }],
  // Cameras behind a hub, batteries
  [-1007, CAMERA_AWAY],
  [-20002, CAMERA_AWAY],
  [15006, CAMERA_AWAY],
  [-90404, { kind: "unavailable", message: "The battery is too low for that", hint: "Charge the camera" }],
  [72102, { kind: "not_found", message: "The camera does not know this quick reply" }],
]);

/** The error for a code that a camera answered with; `method` is what was asked of it. */
export function tapoError(code: number, method?: string): HubError {
  const { kind, message, hint, retryable } = MEANINGS.get(code) ??
    { kind: "device_rejected" as const, message: `The camera refused with code ${code}` };
  const details = { tapo_code: code, ...(method === undefined ? {} : { tapo_method: method }) };
  return new HubError(kind, message, { hint, retryable, details });
}

/** The vendor's code in an error of this client; undefined when there is none. */
export function tapoCodeOf(error: unknown): number | undefined {
  const code = error instanceof HubError ? error.details?.["tapo_code"] : undefined;
  return typeof code === "number" ? code : undefined;
}

/** The error while the camera refuses every login. */
export function lockedOutError(secondsLeft: number, nowMs: number): HubError {
  const minutes = Math.max(1, Math.ceil(secondsLeft / 60));
  return new HubError("locked_out", `The camera refuses all logins for another ${minutes} min`, {
    hint: "Too many logins have failed. Correct the password; the hub waits until the camera answers again",
    retryAtMs: nowMs + secondsLeft * 1000,
    details: { tapo_code: TAPO_CODES.blocked, seconds_left: secondsLeft },
  });
}

/** The error for firmware that accepts only the newest login (TPAP), which this client does not speak. */
export function newestLoginError(code?: number): HubError {
  const { kind, message, hint } = NEWEST_LOGIN;
  return new HubError(kind, message, {
    hint,
    details: { newest_login: true, ...(code === undefined ? {} : { tapo_code: code }) },
  });
}

/** True for what a login ended with because the firmware accepts only the newest one. */
export function isNewestLogin(error: unknown): boolean {
  return error instanceof HubError && error.details?.["newest_login"] === true;
}

/** The error for a wrong password; nothing is tried again before a person has corrected it. */
export function wrongPasswordError(code?: number): HubError {
  return new HubError("unauthenticated", "The camera does not accept the password", {
    hint:
      "Enter the password of the TP-Link account with which the camera was set up, not that of the camera account",
    retryAtMs: Infinity,
    ...(code === undefined ? {} : { details: { tapo_code: code } }),
  });
}

/** The error for a camera that wants less protection of the password than before. */
export function olderLoginError(): HubError {
  return new HubError(
    "device_rejected",
    "The camera asks for the old login, though it knew the encrypted one",
    {
      hint:
        "Something may pretend to be the camera. After going back to older firmware, connect the camera again",
      retryAtMs: Infinity,
    },
  );
}

/** The error for an account that may watch, but not control. */
export function notRootError(): HubError {
  return new HubError("forbidden", "This account may not control the camera", {
    hint: "Control needs the password of the TP-Link account with user name admin; " +
      "the camera account is for RTSP and ONVIF only",
    retryAtMs: Infinity,
  });
}

/** The error for an answer that nobody can read. */
export function unreadableError(why: string, details?: Record<string, unknown>): HubError {
  return new HubError("device_rejected", `The camera's answer cannot be read: ${why}`, {
    hint: "If this stays so, restart the camera, and check that the address is that of a Tapo camera",
    details,
  });
}
