// Who may do what: three roles, each of which may do all that those before it may.

/** From least to most. A viewer looks, an operator acts, an admin changes what there is. */
export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = typeof ROLES[number];

/** Somebody who has logged in, or a program with a token. */
export interface Principal {
  /**
   * Name of the user, `token:NAME`, `mqtt` for the broker's clients, `rule:RULE/CHANNEL` for what a rule of alerts has
   * done, or `local` for who comes through the hub's own socket.
   */
  user: string;
  role: Role;
}

/** Who came through the hub's own socket, or started it for himself. */
export const LOCAL: Principal = { user: "local", role: "admin" };

/** True when a role is enough. */
export function isEnough(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
