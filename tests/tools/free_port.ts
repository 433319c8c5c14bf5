// A port for a program that must be told its port.

/** Below those that Linux gives out by itself (32768 and above): nobody is given it between here and its use. */
const [FIRST, LAST] = [20_000, 32_000];

/** A port of this machine that nobody listens on. */
export function freePort(): number {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    try {
      Deno.listen({ hostname: "0.0.0.0", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
