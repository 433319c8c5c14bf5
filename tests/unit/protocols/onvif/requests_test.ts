// What is sent to cameras: the package writes it, signed and escaped as cameras expect.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { Secret } from "../../../../src/base/secret.ts";
import { atHost } from "../../../../src/protocols/onvif/media.ts";
import { HubError } from "../../../../src/base/errors.ts";
import { ignored, RequestWriter, soapAction } from "../../../../src/protocols/onvif/requests.ts";
import { find, parseXml, textAt } from "../../../../src/protocols/onvif/xml.ts";
import { assertThrows } from "@std/assert";

const CAMERA_MS = Date.UTC(2001, 1, 3, 4, 5, 6);

function writer(password = "secret", username = "admin") {
  return new RequestWriter({
    account: { username, password: new Secret(password) },
    cameraNowMs: () => CAMERA_MS,
  });
}

Deno.test("RequestWriter signs for the camera's clock, with the bytes of the password in UTF-8", () => {
  const { body } = writer("pä雪", 'a<"&>').write((cam) => cam.getProfiles(ignored));
  const token = find(parseXml(body), "Header", "Security", "UsernameToken");
  const [nonce = "", created = ""] = [textAt(token, "Nonce"), textAt(token, "Created")];
  const digest = createHash("sha1").update(atob(nonce), "latin1").update(created).update("pä雪", "utf8");
  assertEquals(textAt(token, "Username"), 'a<"&>');
  assertEquals(textAt(token, "Password"), digest.digest("base64"));
  assert(Math.abs(Date.parse(created) - CAMERA_MS) < 1000, created);
});

Deno.test("RequestWriter signs every request anew", () => {
  const own = writer();
  const nonces = Array.from({ length: 50 }, () => {
    const { body } = own.write((cam) => cam.getProfiles(ignored));
    return textAt(parseXml(body), "Header", "Security", "UsernameToken", "Nonce");
  });
  assertEquals(new Set(nonces).size, 50);
});

Deno.test("RequestWriter without an account signs nothing and answers no challenge", () => {
  const own = new RequestWriter({ account: undefined, cameraNowMs: () => CAMERA_MS });
  assertEquals(own.write((cam) => cam.getProfiles(ignored)).body.includes("Security"), false);
  assertEquals(own.authorize(['Digest realm="a", nonce="b"'], { method: "GET", path: "/" }), undefined);
});

Deno.test("RequestWriter chooses the media service", () => {
  const own = writer();
  assertEquals(own.write((cam) => cam.getProfiles(ignored)).service, "media");
  own.usesMedia2 = true;
  assertEquals(own.write((cam) => cam.getProfiles(ignored)).service, "media2");
});

Deno.test("RequestWriter wraps an operation of our own in the same envelope", () => {
  const { service, body } = writer().wrap("ptz", '<Stop xmlns="urn:x"/>', "<a:To>there</a:To>");
  const root = parseXml(body);
  assertEquals([service, textAt(root, "Header", "To"), find(root, "Body", "Stop")?.namespace], [
    "ptz",
    "there",
    "urn:x",
  ]);
  assertEquals(soapAction(body), "urn:x/Stop");
});

Deno.test("RequestWriter answers digest challenges, and gives up on what cannot be read", () => {
  const own = writer("pass", "user");
  const asked = { method: "POST", path: "/onvif/x?y=1" };
  const answer = own.authorize(
    ['Digest realm="r", nonce="n", qop="auth,auth-int", algorithm=SHA-256'],
    asked,
  );
  assertMatch(
    answer ?? "",
    /^Digest username="user",realm="r",nonce="n",uri="\/onvif\/x\?y=1",algorithm=SHA-256,/,
  );
  const sha256 = (...parts: string[]) => createHash("sha256").update(parts.join(":")).digest("hex");
  const part = (name: string) => new RegExp(`\\b${name}="?([^",]*)`).exec(answer ?? "")?.[1] ?? "";
  assertEquals(
    part("response"),
    sha256(sha256("user", "r", "pass"), "n", part("nc"), part("cnonce"), "auth", sha256("POST", asked.path)),
  );
  for (const challenge of ["Digest", "Digest what is this", 'Digest realm="r", nonce="n", algorithm=ROT13']) {
    assertEquals([challenge, own.authorize([challenge], asked)], [challenge, undefined]);
  }
});

Deno.test("RequestWriter: neither it nor its package object shows the password", () => {
  const own = writer("my-password");
  own.write((cam) => cam.getProfiles(ignored));
  own.authorize(['Digest realm="a", nonce="b"'], { method: "GET", path: "/" });
  assertEquals(Deno.inspect(own, { depth: 10, showHidden: true }).includes("my-password"), false);
  own.write((cam) => {
    assertStringIncludes(String(cam.password), "my-password");
    cam.getProfiles(ignored);
  });
});

Deno.test("soapAction names the operation of every request of the package", () => {
  const own = writer();
  const actions = [
    own.write((cam) => cam.getSystemDateAndTime(ignored)),
    own.write((cam) => cam.getServices(false, ignored)),
    own.write((cam) => cam.getImagingSettings({ token: "x" }, ignored)),
    own.write((cam) => cam.createPullPointSubscription(ignored)),
    own.write((cam) => cam.stop({ profileToken: "x" }, ignored)),
  ].map(({ body }) => soapAction(body)?.replace("http://www.onvif.org/", ""));
  assertEquals(actions, [
    "ver10/device/wsdl/GetSystemDateAndTime",
    "ver10/device/wsdl/GetServices",
    "ver20/imaging/wsdl/GetImagingSettings",
    "ver10/events/wsdl/CreatePullPointSubscription",
    "ver20/ptz/wsdl/Stop",
  ]);
});

Deno.test("atHost keeps port, path and query, takes credentials out and refuses what is no stream", () => {
  const rtsp = ["rtsp:", "rtsps:"];
  assertEquals(atHost("rtsp://0.0.0.0:554/stream1", "192.0.2.7", rtsp), "rtsp://192.0.2.7:554/stream1");
  assertEquals(atHost("rtsp://u:p@camera/a?b=1&c=2", "cam.lan", rtsp), "rtsp://cam.lan/a?b=1&c=2");
  assertEquals(atHost("rtsps://[::1]:322/a", "fd00::7", rtsp), "rtsps://[fd00::7]:322/a");
  for (const uri of [undefined, "", "stream1", "file:///etc/passwd", "http://192.0.2.7/", "rtsp:///x"]) {
    assertEquals(assertThrows(() => atHost(uri, "192.0.2.7", rtsp), HubError).kind, "device_rejected");
  }
});
