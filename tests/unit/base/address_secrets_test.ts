// Passwords in addresses: shown blanked, found, and put in again.
import { assert, assertEquals } from "@std/assert";
import { restoreAddress, secretsInAddress, shownAddress } from "../../../src/base/address_secrets.ts";
import { redactText } from "../../../src/base/secret.ts";
import { ADDRESSES } from "./addresses.ts";

for (const [address, shown, secrets] of ADDRESSES) {
  Deno.test(`[SECRETS] an address is shown without its password: ${address}`, () => {
    assertEquals(shownAddress(address), shown);
    assertEquals(shownAddress(shown), shown);
    assertEquals(secretsInAddress(address), secrets);
    assertEquals(restoreAddress(shown, address), address);
  });
}

Deno.test("shownAddress: user and password before the host are blanked too; other addresses stay as they are", () => {
  assertEquals(shownAddress("rtsp://susi:p@ss@h/x?pwd=a"), "rtsp://[secret]@h/x?pwd=[secret]");
  const plains = [
    "rtsp://10.0.0.5:554/h264?width=5",
    "http://h/?password=&tokens=3",
    "rtsp://h/ch:1/main",
    "rtsp://h/cam:12?x=1",
    "rtsp://h/proxy/10.0.0.5:554/main",
    "rtsp://h/proxy/10.0.0.5:8554",
    "rtsp://h/urn:camera:1/2024-01-01T12:30:00Z/20240101T12:30:00.5+01:00",
    "rtsp://h/user=admin_password=_channel=1_stream=0.sdp",
    "http://h/?user=admin&username=b",
    "/dev/video0",
    "",
  ];
  for (const plain of plains) {
    assertEquals([shownAddress(plain), secretsInAddress(plain)], [plain, []]);
  }
});

Deno.test("restoreAddress: keeps the secret while all else changes, takes a new one, and misses what it has not", () => {
  const before = "http://h/a?user=susi&pwd=b&token=c";
  const cases: [string, string | undefined][] = [
    ["http://h/other?token=[secret]&x=1&pwd=[secret]", "http://h/other?token=c&x=1&pwd=b"],
    ["http://h/a?user=susi&pwd=new&token=[secret]", "http://h/a?user=susi&pwd=new&token=c"],
    ["http://h/plain", "http://h/plain"],
    ["http://h/a?psw=[secret]", undefined],
    ["http://h/a?pwd=[secret]&pwd=[secret]", undefined],
    ["http://h/[secret]?pwd=[secret]", undefined],
  ];
  for (const [shown, expected] of cases) assertEquals(restoreAddress(shown, before), expected);
});

Deno.test("redactText: addresses made to keep it busy take no time to speak of", () => {
  const startMs = performance.now();
  for (const piece of ["_a", "/a:", "a:", "@", "/pass=a", "_pw=_a=", "?user=a", "?user=a:"]) {
    redactText("://h" + piece.repeat(50_000));
  }
  assert(performance.now() - startMs < 2000);
});
