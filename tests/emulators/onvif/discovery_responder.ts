// The emulated camera's answer to WS-Discovery, or what else may answer there.
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { text } from "./soap.ts";

export interface ResponderOptions {
  port: number;
  /** Address of the network on which questions are heard. */
  interfaceAddress?: string;
  /** Address that answers come from, where one machine plays several cameras. */
  from?: string;
  /** Answers only to questions for this type; undefined: to all. */
  onlyFor?: string;
  /** What is sent for each question: texts or bytes. */
  answers: (messageId: string) => readonly (string | Uint8Array)[];
}

export interface MatchOptions {
  urn: string;
  xaddrs: readonly string[];
  scopes?: readonly string[];
  types?: string;
}

/** A proper answer. */
export function probeMatch(messageId: string, options: MatchOptions): string {
  return '<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope' +
    ' xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"' +
    ' xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"' +
    ' xmlns:wsdd="http://schemas.xmlsoap.org/ws/2005/04/discovery"' +
    ' xmlns:tdn="http://www.onvif.org/ver10/network/wsdl">' +
    `<SOAP-ENV:Header><wsa:RelatesTo>${messageId}</wsa:RelatesTo></SOAP-ENV:Header><SOAP-ENV:Body>` +
    "<wsdd:ProbeMatches><wsdd:ProbeMatch><wsa:EndpointReference>" +
    `<wsa:Address>${options.urn}</wsa:Address></wsa:EndpointReference>` +
    `<wsdd:Types>${options.types ?? "tdn:NetworkVideoTransmitter"}</wsdd:Types>` +
    `<wsdd:Scopes>${(options.scopes ?? []).join(" ")}</wsdd:Scopes>` +
    `<wsdd:XAddrs>${options.xaddrs.join(" ")}</wsdd:XAddrs><wsdd:MetadataVersion>1</wsdd:MetadataVersion>` +
    "</wsdd:ProbeMatch></wsdd:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>";
}

export class DiscoveryResponder {
  readonly #socket: Socket;
  readonly #voice: Socket;
  readonly #options: ResponderOptions;
  /** Questions heard. */
  probes = 0;

  static async start(options: ResponderOptions): Promise<DiscoveryResponder> {
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(options.port, resolve);
    });
    socket.addMembership("239.255.255.250", options.interfaceAddress ?? "127.0.0.1");
    const voice = options.from === undefined ? socket : createSocket("udp4");
    const { from } = options;
    if (from !== undefined) await new Promise<void>((resolve) => voice.bind(0, from, resolve));
    return new DiscoveryResponder(socket, voice, options);
  }

  private constructor(socket: Socket, voice: Socket, options: ResponderOptions) {
    this.#socket = socket;
    this.#voice = voice;
    this.#options = options;
    socket.on("message", (message: Uint8Array, from: RemoteInfo) => this.#onMessage(message, from));
  }

  #onMessage(message: Uint8Array, from: RemoteInfo): void {
    const probe = new TextDecoder().decode(message);
    const messageId = text(probe, "MessageID");
    if (messageId === undefined) return;
    this.probes++;
    const type = text(probe, "Types") ?? "";
    if (this.#options.onlyFor !== undefined && !type.endsWith(this.#options.onlyFor)) return;
    for (const answer of this.#options.answers(messageId)) this.#voice.send(answer, from.port, from.address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of new Set([this.#socket, this.#voice])) {
      await new Promise<void>((resolve) => each.close(() => resolve()));
    }
  }
}
