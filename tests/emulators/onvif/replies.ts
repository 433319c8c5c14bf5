// What the emulated camera answers over HTTP: SOAP, a page of a web server, or something spoilt.
import type { HttpReply, Outcome } from "./http_server.ts";

/** `reset`: before anything is read; `garbage`: 200 without XML; `error500`: a page of a web server. */
export type Fault = "stall" | "reset" | "hang_up" | "error500" | "garbage" | "endless" | "redirect";

export function soap(status: number, body: string): HttpReply {
  return { status, headers: { "Content-Type": "application/soap+xml; charset=utf-8" }, body };
}

export function page(status: number, title: string): HttpReply {
  const body =
    `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><br></body></html>`;
  return { status, headers: { "Content-Type": "text/html" }, body };
}

export function misbehave(kind: Fault): Outcome {
  switch (kind) {
    case "error500":
      return page(500, "Internal Server Error");
    case "garbage":
      return {
        status: 200,
        headers: { "Content-Type": "application/soap+xml" },
        body: "\u0000lollipop <<<&",
      };
    case "redirect":
      return { status: 302, headers: { Location: "http://192.0.2.1/elsewhere" }, body: "" };
    case "stall":
    case "endless":
      return kind;
    default:
      return "hang_up";
  }
}
