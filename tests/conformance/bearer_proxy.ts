// Shows a token for programs that cannot: a proxy on the loopback interface that adds the header of a login and
// passes on all else as it comes, Host and Origin too, so that the hub's own refusals answer.

/** A proxy that listens. */
export interface BearerProxy extends AsyncDisposable {
  /** The hub's address, by way of the proxy. */
  url: string;
}

/** Opens a proxy before an address, on a free port. */
export function bearerProxy(target: string, token: string): BearerProxy {
  // Connections of its own: none outlives the proxy.
  const client = Deno.createHttpClient({ allowHost: true });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${token}`);
    const { method, body, signal } = request;
    const url = new URL(pathname + search, target);
    try {
      return await fetch(url, { method, headers, body, signal, redirect: "manual", client });
    } catch (error) {
      // A program that goes while it is asked hears no answer.
      if (!signal.aborted) throw error;
      return new Response(null, { status: 499 });
    }
  });
  const url = new URL(target);
  url.port = String(server.addr.port);
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await server.shutdown();
      client.close();
    },
  };
}
