// What is told of each attempt to log in.

/** How an attempt to log in went. There is never a password in it. */
export interface LoginAttempt {
  /** `throttled`: too many were wrong before it, so it was not even looked at. */
  outcome: "success" | "refused" | "throttled" | "password_changed";
  /** A token is shown with every request: only those that are refused are told. */
  way: "password" | "link" | "token";
  /** Only of a user that exists: people type passwords into the wrong field. */
  user?: string | undefined;
  /** Of the client; behind a proxy, that of the proxy. */
  address: string;
}

/** Told of attempts. */
export type LoginListener = (attempt: LoginAttempt) => void;
