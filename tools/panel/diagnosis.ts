// Why a picture did not come: an <img> does not tell, so the address is asked once more.
import { PanelError } from "./panel_error.ts";

/** @throws PanelError where a page over HTTPS would show a hub over HTTP: browsers refuse it. */
export function refuseMixedContent(hubUrl: string, page: Pick<Location, "protocol">): void {
  if (page.protocol !== "https:" || !hubUrl.startsWith("http:")) return;
  if (/^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::|$)/.test(hubUrl)) return;
  throw new PanelError(
    "Grafana is open over HTTPS and the hub over HTTP: browsers refuse to mix them",
    "Put the hub behind an HTTPS proxy and enter that address as the hub's, or open Grafana over HTTP",
  );
}

/** Why that address of the hub gives nothing; undefined where it does by now. */
export async function diagnose(url: string, signal: AbortSignal): Promise<PanelError | undefined> {
  const { origin } = new URL(url);
  let answer: Response;
  try {
    answer = await fetch(url, { cache: "no-store", credentials: "omit", signal });
  } catch (error) {
    signal.throwIfAborted();
    return new PanelError(
      `This browser gets nothing from the hub at ${origin} (${
        error instanceof Error ? error.message : error
      })`,
      `Can you open ${origin} here? If so, name ${location.origin} in grafana.origins of the hub's configuration`,
    );
  }
  return answer.ok ? await leave(answer) : await problemOf(answer);
}

async function leave(answer: Response): Promise<undefined> {
  await answer.body?.cancel();
}

/** What the hub says. */
export async function problemOf(answer: Response): Promise<PanelError> {
  const text = await answer.text();
  try {
    const { message, recovery_options: [hint] = [] } = JSON.parse(text) as {
      message: string;
      recovery_options?: string[];
    };
    return new PanelError(message, hint ?? "");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new PanelError(`The hub answered ${answer.status}`, "Is the hub's address right?");
  }
}
