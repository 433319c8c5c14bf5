// What can come between client and hub, in words that say what to do.
import { redactText } from "../../base/secret.ts";
import { INTERNAL_ERROR, type Message } from "./message.ts";

/** Why a message did not get to the hub, or its answer not back. */
export class RelayError extends Error {
  readonly code: string;
  readonly recovery: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: { recovery: string; retryable?: boolean }) {
    super(message);
    this.code = code;
    this.recovery = options.recovery;
    this.retryable = options.retryable ?? false;
  }
}

/** The same as the error of a JSON-RPC answer. The hint stands in the text too: many clients show only that. */
export function rpcError(error: unknown): NonNullable<Message["error"]> {
  if (!(error instanceof RelayError)) {
    return {
      code: INTERNAL_ERROR,
      message: redactText(error instanceof Error ? error.message : String(error)),
    };
  }
  const message = redactText(`${error.message}. ${error.recovery}`);
  const data = { error_code: error.code, recovery_options: [error.recovery], urgency: "high" };
  return { code: INTERNAL_ERROR, message, data };
}

/** Nothing was sent: no hub answers there. `words` is what the system said. */
export function hubAway(name: string, words: string): RelayError {
  if (/permission denied/i.test(words)) {
    return new RelayError("forbidden", `A hub runs on this machine, but ${name} belongs to another user`, {
      recovery: "Start this program as that user (sudo -u tapocam tapo-camera-mcp mcp), or give it " +
        "TAPO_CAMERA_MCP_URL and TAPO_CAMERA_MCP_TOKEN",
    });
  }
  return new RelayError("unavailable", `The hub at ${name} does not answer (${words})`, {
    recovery: 'Start it ("tapo-camera-mcp serve", or "systemctl start tapo-camera-mcp"), or correct ' +
      "TAPO_CAMERA_MCP_URL; then ask again",
    retryable: true,
  });
}

/** The connection ended while an answer was awaited: nobody knows how far the hub came. */
export function hubCut(name: string): RelayError {
  return new RelayError("unavailable", `The hub at ${name} went away before it had answered`, {
    recovery: "It may have done what was asked, or not: look at the present state before asking again",
  });
}

/** The hub, or what stands before it, answered with something that is no MCP. */
export function refusal(
  name: string,
  status: number,
  said: { hasToken: boolean; message?: string },
): RelayError {
  const why = said.message === undefined ? `status ${status}` : said.message;
  if (status === 401) {
    return new RelayError(
      "unauthenticated",
      `The hub at ${name} refuses ${said.hasToken ? "the token" : "strangers"}: ${why}`,
      {
        recovery:
          'Make a token on the hub ("tapo-camera-mcp token create NAME --role operator") and put it into ' +
          "TAPO_CAMERA_MCP_TOKEN",
      },
    );
  }
  if (status === 429 || status === 503) {
    return new RelayError("unavailable", `The hub at ${name} takes no more at present: ${why}`, {
      recovery: "Try again in a minute",
      retryable: true,
    });
  }
  if (status === 403) {
    return new RelayError("forbidden", `The hub at ${name} refuses this: ${why}`, {
      recovery: "Ask it by an address that is its own, with a token of a sufficient role",
    });
  }
  if (status === 404 || status === 405 || status < 400) {
    return new RelayError("not_found", `There is no MCP at ${name}: ${why}`, {
      recovery:
        "Check TAPO_CAMERA_MCP_URL, for example http://raspberrypi.local:7777, and that the hub does " +
        'not run with "--mcp off"',
    });
  }
  return new RelayError("internal", `The hub at ${name} failed: ${why}`, {
    recovery: "Its log says what happened",
  });
}
