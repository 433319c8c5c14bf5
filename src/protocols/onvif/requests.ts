// What is sent to a camera: written by the package `onvif`, which knows the operations and how they are
// signed. Only its requests are taken. Its own transport has no bound on an answer's size, cannot be aborted
// and throws in callbacks where nobody catches; transport.ts and xml.ts stand in for it.
import { Buffer } from "node:buffer";
import process from "node:process";
import { Cam } from "onvif";
import { HubError } from "../../base/errors.ts";
import type { Secret } from "../../base/secret.ts";
import { escapeXml } from "./xml.ts";

/** Who logs in to the camera. */
export interface OnvifAccount {
  username: string;
  password: Secret;
}

/** One SOAP request. */
export interface SoapRequest {
  /** Which service is asked, as the package names them: `media`, `ptz`, …; undefined: the device service. */
  service: string | undefined;
  body: string;
}

/** The parts of the package's camera that its types leave out (0.8.3, lib/cam.js). */
interface CamInternals {
  _request(options: { service?: string; body: string }, callback: unknown): void;
  _envelopeHeader(isOpen?: boolean): string;
  _envelopeFooter(): string;
}

/** Stands where the package wants a callback. */
export function ignored(): void {
  // Never called: the answer is read by us, not by the package.
}

const BODY =
  '<s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">';

/** Lets the package write requests, signed for the camera's clock (WS-Security UsernameToken profile 1.0). */
export class RequestWriter {
  readonly #cam: Cam & CamInternals;
  readonly #account: OnvifAccount | undefined;
  readonly #cameraNowMs: () => number;
  #written: SoapRequest | undefined;
  #isUnsigned = false;

  /** @param options.cameraNowMs the camera's clock, milliseconds since 1970. */
  constructor(options: { account: OnvifAccount | undefined; cameraNowMs: () => number }) {
    this.#account = options.account;
    this.#cameraNowMs = options.cameraNowMs;
    this.#cam = new Cam({ hostname: "camera", autoconnect: false }) as Cam & CamInternals;
    this.#cam._request = ({ service, body }) => {
      this.#written ??= { service, body };
    };
  }

  /** Chooses between the two media services; the package then writes for that one. */
  set usesMedia2(value: boolean) {
    this.#cam.media2Support = value;
  }

  /** True when there is somebody to log in as. */
  get hasAccount(): boolean {
    return this.#account !== undefined;
  }

  /**
   * Writes an operation of the package. Texts from outside must be escaped: the package inserts them as they
   * are.
   */
  write(operation: (cam: Cam) => void): SoapRequest {
    return this.#signed((cam) => {
      this.#written = undefined;
      operation(cam);
      if (this.#written) return this.#written;
      throw new HubError("internal", "The package onvif wrote no request");
    });
  }

  /** Writes an operation that the package lacks or writes too narrowly. Both parts are XML. */
  wrap(service: string | undefined, content: string, header = ""): SoapRequest {
    return this.#signed((cam) => ({
      service,
      body: `${cam._envelopeHeader(true)}${header}</s:Header>${BODY}${content}${cam._envelopeFooter()}`,
    }));
  }

  /** Lets `write` write without a signature. */
  unsigned<T>(write: () => T): T {
    this.#isUnsigned = true;
    try {
      return write();
    } finally {
      this.#isUnsigned = false;
    }
  }

  /**
   * Answers an HTTP digest challenge (RFC 7616), as some cameras want it instead of WS-Security. Undefined
   * when there is no account or the challenge cannot be read.
   */
  authorize(challenges: string[], request: { method: string; path: string }): string | undefined {
    if (!this.#account || challenges.length === 0) return undefined;
    this.#cam.username = this.#account.username;
    this.#cam.password = this.#account.password.reveal();
    try {
      return this.#cam.digestAuth(challenges, request);
    } catch {
      return undefined;
    } finally {
      this.#forgetAccount();
    }
  }

  #signed<T>(work: (cam: Cam & CamInternals) => T): T {
    const cam = this.#cam;
    cam.timeShift = this.#cameraNowMs() - process.uptime() * 1000;
    if (this.#account && !this.#isUnsigned) {
      cam.username = escapeXml(this.#account.username);
      // The package hashes one byte for each character; a password is hashed as UTF-8.
      cam.password = Buffer.from(this.#account.password.reveal(), "utf8").toString("latin1");
    }
    try {
      return work(cam);
    } finally {
      this.#forgetAccount();
    }
  }

  #forgetAccount(): void {
    delete this.#cam.username;
    delete this.#cam.password;
  }
}

/** The action of a request, as the HTTP header names it: namespace and name of what stands in the body. */
export function soapAction(body: string): string | undefined {
  const match = /<s:Body[^>]*>\s*<([\w:]+)\s[^>]*?xmlns="([^"]+)"/.exec(body);
  return match ? `${match[2]}/${match[1]}` : undefined;
}
