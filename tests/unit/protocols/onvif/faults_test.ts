// Cameras' refusals in words for people: SOAP 1.2 and 1.1, with codes and without, and what is no SOAP.
import { assertEquals, assertThrows } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { readAnswer, wantsAccount } from "../../../../src/protocols/onvif/faults.ts";

function envelope(body: string): string {
  return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`;
}

function fault(codes: string[], reason: string): string {
  const nested = codes.reduceRight(
    (within, code, depth) => {
      const tag = depth === 0 ? "Code" : "Subcode";
      return `<s:${tag}><s:Value>${code}</s:Value>${within}</s:${tag}>`;
    },
    "",
  );
  return envelope(
    `<s:Fault>${nested}<s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`,
  );
}

const old = (code: string, text: string) =>
  envelope(`<s:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring></s:Fault>`);

const CASES: Record<string, readonly [number, string, string, string]> = {
  "ter:NotAuthorized": [
    400,
    fault(["s:Sender", "ter:NotAuthorized"], "Sender not Authorized"),
    "unauthenticated",
    "The camera refused the account",
  ],
  "NotAuthorized with status 200": [
    200,
    fault(["s:Sender", "ter:NotAuthorized"], ""),
    "unauthenticated",
    "The camera refused the account",
  ],
  "wsse:FailedAuthentication": [
    500,
    fault(["s:Sender", "wsse:FailedAuthentication"], "x"),
    "unauthenticated",
    "The camera refused the account",
  ],
  "SOAP 1.1": [500, old("wsse:FailedCheck", "bad"), "unauthenticated", "The camera refused the account"],
  "words alone": [
    400,
    fault(["s:Sender"], "Unauthorized access"),
    "unauthenticated",
    "The camera refused the account",
  ],
  "a page with 401": [401, "<html><br>401</html>", "unauthenticated", "The camera refused the account"],
  "a locked account": [
    400,
    fault(["s:Sender", "ter:NotAuthorized"], "User is locked"),
    "locked_out",
    "The camera has locked the account",
  ],
  "too many tries": [429, "", "locked_out", "The camera has locked the account"],
  "too few rights": [
    500,
    fault(["s:Sender", "ter:OperationProhibited"], "no"),
    "forbidden",
    "The account may not do this on the camera",
  ],
  "ActionNotSupported": [
    500,
    fault(["s:Receiver", "ter:ActionNotSupported"], "Optional Action Not Implemented"),
    "unsupported",
    "The camera cannot do this: Optional Action Not Implemented",
  ],
  "a nested code": [
    400,
    fault(["s:Sender", "ter:InvalidArgVal", "ter:NoToken"], "No such preset"),
    "not_found",
    "The camera refused: No such preset",
  ],
  "any other": [
    500,
    fault(["s:Receiver", "ter:Action", "ter:Busy"], " too\n  busy  "),
    "device_rejected",
    "The camera refused: too busy",
  ],
  "no reason": [
    500,
    fault(["s:Receiver", "ter:Strange"], ""),
    "device_rejected",
    "The camera refused: Strange",
  ],
  "credentials in a reason": [
    500,
    fault(["s:Receiver"], "cannot open rtsp://me:secret@1.2.3.4/"),
    "device_rejected",
    "The camera refused: cannot open rtsp://***@1.2.3.4/",
  ],
  "404": [404, "<html></html>", "unsupported", "There is no ONVIF service at this address"],
  "500 without SOAP": [500, "oops", "unavailable", "The camera's answer is no ONVIF (HTTP 500)"],
  "200 without SOAP": [200, "", "unavailable", "The camera's answer is no ONVIF (HTTP 200)"],
  "an empty body": [200, envelope(""), "unavailable", "The camera's answer is no ONVIF (HTTP 200)"],
  "other XML": [200, "<rss/>", "unavailable", "The camera's answer is no ONVIF (HTTP 200)"],
};
for (const [name, [status, text, kind, message]] of Object.entries(CASES)) {
  Deno.test(`readAnswer: ${name} is ${kind}`, () => {
    const error = assertThrows(() => readAnswer(status, text), HubError);
    assertEquals([error.kind, error.message], [kind, message]);
    assertEquals(error.retryAtMs, kind === "unauthenticated" ? Infinity : undefined);
  });
}

Deno.test("readAnswer returns what stands in the body", () => {
  assertEquals(readAnswer(200, envelope("<t:GetStatusResponse/>")).name, "GetStatusResponse");
});

Deno.test("wantsAccount: a refusal and an unclear fault of the sender may, a lock and other answers do not", () => {
  for (
    const [status, text, expected] of [
      [400, fault(["s:Sender", "ter:NotAuthorized"], "Sender not Authorized"), true],
      [500, old("wsse:FailedCheck", "bad"), true],
      [400, fault(["s:Sender"], "Credentials are required"), true],
      [400, fault(["s:Sender", "ter:OperationProhibited"], "no"), true],
      [400, "Bad Request", true],
      [401, "<html><br>401 Unauthorized</html>", true],
      [403, "", true],
      [400, fault(["s:Sender", "ter:NotAuthorized"], "The user is locked"), false],
      [429, "", false],
      [500, fault(["s:Receiver", "ter:ActionNotSupported"], "no"), false],
      [400, fault(["s:Sender", "ter:NoProfile"], "no"), false],
      [500, fault(["s:Receiver"], "busy"), false],
      [404, "", false],
      [500, "", false],
      [200, "", false],
      [200, envelope("<t:GetStatusResponse/>"), false],
    ] as const
  ) assertEquals([status, text, wantsAccount({ status, text })], [status, text, expected]);
});
