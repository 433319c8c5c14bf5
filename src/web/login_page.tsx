// The page to sign in with a name and a password; the form is answered by the part of the hub that keeps sessions.
import { Icon } from "../../islands/icon.tsx";

const TEXT = {
  heading: "Sign in",
  user: "User name",
  password: "Password",
  submit: "Sign in",
  hint:
    "No password yet? Open the link that the hub printed when it started, or get a fresh one on the hub with",
  hintEnd: ". Then set a password under Settings.",
};

const COMMAND = "tapo-camera-mcp user link";

const ERRORS: Record<string, { message: string; help: string; command?: string }> = {
  wrong: {
    message: "Wrong user name or password.",
    help: "Check both and try again. Capital and small letters differ.",
  },
  throttled: { message: "Too many tries.", help: "Wait a minute, then try again." },
  link: {
    message: "This link was used already or has expired.",
    help: "Restart the hub, or get a fresh link on the hub with",
    command: COMMAND,
  },
};

export interface LoginPageProps {
  /** Where to go afterwards: a path of this hub. */
  next: string;
  /** The key of a message; unknown keys show none. */
  error: string | undefined;
  /** The name that was tried before. */
  user: string | undefined;
}

export function LoginPage({ next, error, user }: LoginPageProps) {
  const problem = error !== undefined && Object.hasOwn(ERRORS, error) ? ERRORS[error] : undefined;
  return (
    <div class="narrow card">
      <h1>{TEXT.heading}</h1>
      {problem && (
        <div class="notice is-bad" role="alert">
          <Icon name="warning" />
          <p class="notice-text">
            <strong>{problem.message}</strong> {problem.help}
            {problem.command && (
              <>
                {" "}
                <code>{problem.command}</code>.
              </>
            )}
          </p>
        </div>
      )}
      <form class="form" method="post" action="/login">
        <input type="hidden" name="next" value={next} />
        <div class="field">
          <label for="username">{TEXT.user}</label>
          <input
            id="username"
            name="username"
            type="text"
            value={user}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
          />
        </div>
        <div class="field">
          <label for="password">{TEXT.password}</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
        </div>
        <div class="form-actions">
          <button type="submit" class="button is-primary">{TEXT.submit}</button>
        </div>
      </form>
      <p class="muted">
        {TEXT.hint} <code>{COMMAND}</code>
        {TEXT.hintEnd}
      </p>
    </div>
  );
}

/** A path of this hub, whatever was asked for: an address elsewhere would make the login page a trap. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return "/";
  const url = new URL(next, "http://hub.invalid");
  return url.host === "hub.invalid" && url.pathname !== "/login" ? url.pathname + url.search : "/";
}
