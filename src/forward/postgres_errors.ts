// What PostgreSQL and its driver say, in words that help.
import { HubError } from "../base/errors.ts";
import { hideSecrets } from "../base/hidden_text.ts";

/** Whom it is about, and what must not be shown. */
export interface PostgresPeer {
  id: string;
  user: string;
  database: string;
  /** True where it is spoken to encrypted. */
  tls: boolean;
  secrets: readonly string[];
}

/** [code, what it means, what to do]; codes of PostgreSQL's appendix A, of Node, and of postgres.js. */
const ONLY_A_PERSON: readonly (readonly [string, (peer: PostgresPeer) => string, string])[] = [
  ["28P01", ({ user }) => `refuses the password of "${user}"`, "Check the target's password"],
  [
    "28000",
    ({ user }) => `does not let "${user}" in`,
    "Check the target's user, tls, and the server's pg_hba.conf",
  ],
  ["3D000", ({ database }) => `has no database "${database}"`, "Create it, or check the target's address"],
  [
    "42501",
    ({ user, database }) => `does not allow "${user}" to write in "${database}"`,
    "Let the user create tables in the target's schema, or make them beforehand; see docs/push.md",
  ],
];

const FOR_A_WHILE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused the connection",
  EHOSTUNREACH: "cannot be reached: there is no way to its address",
  ENETUNREACH: "cannot be reached: there is no way to its network",
  CONNECT_TIMEOUT: "did not answer in time",
  CONNECTION_CLOSED: "closed the connection",
  CONNECTION_DESTROYED: "did not answer in time",
  CONNECTION_ENDED: "closed the connection",
  ECONNRESET: "closed the connection",
  "57P01": "is being stopped",
  "57P03": "is still starting",
  "53300": "has too many connections already",
  "53100": "has no space left on its disk",
};

const MAX_CHARS = 200;

/** Any error of a query as one that says what is wrong. */
export function explainPostgresError(error: unknown, peer: PostgresPeer): HubError {
  if (error instanceof HubError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const name = `PostgreSQL "${peer.id}"`;
  const known = ONLY_A_PERSON.find(([each]) => each === code);
  if (known) {
    const [, what, hint] = known;
    return new HubError("device_rejected", `${name} ${what(peer)}`, { hint, cause: error });
  }
  const passing = FOR_A_WHILE[code];
  if (passing !== undefined) {
    const hint = "Check the target's address, and that this machine reaches it" +
      (peer.tls ? "; with tls, that the server has ssl on" : "");
    return new HubError("unavailable", `${name} ${passing}`, { hint, cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  if (/certificate/i.test(message)) {
    return new HubError("device_rejected", `${name} has a certificate that is not trusted: ${message}`, {
      hint: "Check the target's address; name a certificate of your own as ca",
      cause: error,
    });
  }
  const said = hideSecrets(message, peer.secrets);
  const text = `${name} reports: ${said.slice(0, MAX_CHARS)}`;
  // Class 22: data that cannot be stored as they are.
  if (/^22...$/.test(code)) {
    return new HubError("device_rejected", text, { cause: error, details: { refused: true } });
  }
  return new HubError("unavailable", text, { cause: error });
}
