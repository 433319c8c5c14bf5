// Addresses of streams as people write them, with passwords that nobody has encoded, and back again.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import {
  assertFits,
  type CameraUrl,
  formatCameraUrl,
  parseCameraUrl,
} from "../../../../src/protocols/rtsp/camera_url.ts";
import { seededRandom } from "../../tools/jpegs.ts";

const SCHEMES = ["rtsp", "rtsps", "http"];
const parse = (text: string) => parseCameraUrl(text, SCHEMES);
const CAM = { scheme: "rtsp", host: "10.0.0.5", path: "/stream1" };
const as = (username: string, password?: string, change: Partial<CameraUrl> = {}): CameraUrl => ({
  ...CAM,
  username,
  ...(password === undefined ? {} : { password }),
  ...change,
});

const PARSED: [string, CameraUrl][] = [
  ["rtsp://10.0.0.5/stream1", CAM],
  ["RTSP://10.0.0.5/stream1", CAM],
  ["  rtsp://10.0.0.5/stream1\n", CAM],
  ["rtsp://10.0.0.5", { ...CAM, path: "" }],
  ["rtsp://10.0.0.5/", { ...CAM, path: "/" }],
  ["rtsp://10.0.0.5:554", { ...CAM, port: 554, path: "" }],
  ["rtsp://10.0.0.5:65535/stream1", { ...CAM, port: 65535 }],
  ["rtsps://Cam-1.LAN:322/a/b", { scheme: "rtsps", host: "cam-1.lan", port: 322, path: "/a/b" }],
  ["http://cam_1/mjpg/video.cgi?fps=5&x=1", {
    scheme: "http",
    host: "cam_1",
    path: "/mjpg/video.cgi?fps=5&x=1",
  }],
  ["rtsp://10.0.0.5?channel=1", { ...CAM, path: "/?channel=1" }],
  ["rtsp://10.0.0.5:554?channel=1", { ...CAM, port: 554, path: "/?channel=1" }],
  ["rtsp://10.0.0.5/user=a&password=b&channel=1.sdp?real", {
    ...CAM,
    path: "/user=a&password=b&channel=1.sdp?real",
  }],
  ["rtsp://10.0.0.5/a#b", { ...CAM, path: "/a#b" }],
  ["rtsp://[fd12::5]/stream1", { ...CAM, host: "fd12::5" }],
  ["rtsp://[FD12::5]:8554/stream1", { ...CAM, host: "fd12::5", port: 8554 }],
  ["rtsp://[::ffff:10.0.0.5]/stream1", { ...CAM, host: "::ffff:10.0.0.5" }],
  ["rtsp://ann:pw@[fd12::5]:8554/stream1", as("ann", "pw", { host: "fd12::5", port: 8554 })],
  ["rtsp://ann@10.0.0.5/stream1", as("ann")],
  ["rtsp://ann:@10.0.0.5/stream1", as("ann", "")],
  ["rtsp://:pw@10.0.0.5/stream1", as("", "pw")],
  ["rtsp://@10.0.0.5/stream1", as("")],
  ["rtsp://ann:pw@10.0.0.5:554/stream1", as("ann", "pw", { port: 554 })],
  ["rtsp://ann:pw@10.0.0.5", as("ann", "pw", { path: "" })],
  ["rtsp://ann:p@ss@10.0.0.5/stream1", as("ann", "p@ss")],
  ["rtsp://ann:p@@@10.0.0.5/stream1", as("ann", "p@@")],
  ["rtsp://ann@home:pw@10.0.0.5/stream1", as("ann@home", "pw")],
  ["rtsp://ann:p#ss@10.0.0.5/stream1", as("ann", "p#ss")],
  ["rtsp://ann:#@10.0.0.5/stream1", as("ann", "#")],
  ["rtsp://ann:p/ss@10.0.0.5/stream1", as("ann", "p/ss")],
  ["rtsp://ann:p@s/s@10.0.0.5/stream1", as("ann", "p@s/s")],
  ["rtsp://ann:p@s.s/s@10.0.0.5/stream1", as("ann", "p@s.s/s")],
  ["rtsp://ann:12/34@10.0.0.5:554/stream1", as("ann", "12/34", { port: 554 })],
  ["rtsp://ann:12/34@[fd12::5]/stream1", as("ann", "12/34", { host: "fd12::5" })],
  ["rtsp://cam:554/live@main", { ...CAM, host: "cam", port: 554, path: "/live@main" }],
  ["rtsp://ann:p?ss@10.0.0.5/stream1", as("ann", "p?ss")],
  ["rtsp://ann:p:ss@10.0.0.5/stream1", as("ann", "p:ss")],
  ["rtsp://ann:::@10.0.0.5/stream1", as("ann", "::")],
  ["rtsp://ann:p ss@10.0.0.5/stream1", as("ann", "p ss")],
  ["rtsp://ann:p\nss@10.0.0.5/stream1", as("ann", "p\nss")],
  ["rtsp://ann:p's\"s\\@10.0.0.5/stream1", as("ann", "p's\"s\\")],
  ["rtsp://ann:pässwörd€@10.0.0.5/stream1", as("ann", "pässwörd€")],
  ["rtsp://ann:a+b&c=d;e,f!@10.0.0.5/stream1", as("ann", "a+b&c=d;e,f!")],
  ["rtsp://ann:100%@10.0.0.5/stream1", as("ann", "100%")],
  ["rtsp://ann:50%ab@10.0.0.5/stream1", as("ann", "50%ab")],
  ["rtsp://ann:%zz@10.0.0.5/stream1", as("ann", "%zz")],
  ["rtsp://ann:p%40ss@10.0.0.5/stream1", as("ann", "p@ss")],
  ["rtsp://a%3Ann:p%2F%3F%23%25ss@10.0.0.5/stream1", as("a:nn", "p/?#%ss")],
  ["rtsp://ann:p%C3%A4@10.0.0.5/stream1", as("ann", "pä")],
  ["rtsp://ann:pw@10.0.0.5/live@main", as("ann", "pw", { path: "/live@main" })],
  [
    "rtsp://ann:p@ss@10.0.0.5:554/live?to=a@b.example",
    as("ann", "p@ss", {
      port: 554,
      path: "/live?to=a@b.example",
    }),
  ],
  ["rtsp://10.0.0.5/live@main", { ...CAM, path: "/live@main" }],
  ["rtsp://cam/live?to=a@b", { ...CAM, host: "cam", path: "/live?to=a@b" }],
];
for (const [text, expected] of PARSED) {
  Deno.test(`parseCameraUrl: ${JSON.stringify(text)}`, () => assertEquals(parse(text), expected));
}

const REFUSED = [
  "",
  "10.0.0.5",
  "rtsp:",
  "rtsp://",
  "rtsp:///stream1",
  "rtsp:/10.0.0.5/x",
  "rtsp//10.0.0.5",
  "file:///etc/passwd",
  "concat:a|b",
  "pipe:0",
  "udp://10.0.0.5",
  "javascript://10.0.0.5",
  "https://10.0.0.5/x",
  " rtsp s://10.0.0.5",
  "rtsp://10.0.0.5:0/x",
  "rtsp://10.0.0.5:65536/x",
  "rtsp://10.0.0.5:123456/x",
  "rtsp://10.0.0.5:-1/x",
  "rtsp://10.0.0.5:554x/x",
  "rtsp://fd12::5/x",
  "rtsp://[fd12::5/x",
  "rtsp://[fe80::1%eth0]/x",
  "rtsp://[]/x",
  "rtsp://-cam/x",
  "rtsp://cam./x",
  "rtsp://ca m/x",
  "rtsp://cäm/x",
  "rtsp://ann:hunter2@",
  "rtsp://ann:hunter2@/x",
  "rtsp://ann:hunter2/10.0.0.5",
  "rtsp://ann:hunter2@10.0.0.5:99999/x",
  "rtsp://ann:hunter2@ca'm/x",
];
for (const text of REFUSED) {
  Deno.test(`parseCameraUrl: refuses ${JSON.stringify(text)} and shows nothing of it`, () => {
    const error = assertThrows(() => parse(text), HubError);
    assertEquals([error.kind, error.message], ["invalid_input", "This is not the address of a stream"]);
    assertStringIncludes(error.hint ?? "", "rtsp://HOST:PORT/PATH");
    assert(!JSON.stringify([error.message, error.hint, error.details]).includes("hunter2"));
  });
}

const FORMATTED: [CameraUrl, string][] = [
  [CAM, "rtsp://10.0.0.5/stream1"],
  [{ ...CAM, path: "" }, "rtsp://10.0.0.5"],
  [{ ...CAM, host: "fd12::5", port: 554 }, "rtsp://[fd12::5]:554/stream1"],
  [as("ann"), "rtsp://ann@10.0.0.5/stream1"],
  [as("ann", ""), "rtsp://ann:@10.0.0.5/stream1"],
  [as("a:n/n", "p@s:s/?#%"), "rtsp://a%3An%2Fn:p%40s%3As%2F%3F%23%25@10.0.0.5/stream1"],
  [as("ann", "' \n\t\r\\\"\u007f\u0000"), "rtsp://ann:%27%20%0A%09%0D%5C%22%7F%00@10.0.0.5/stream1"],
  [as("ann", "ü€+&=;!$()*[]|`"), "rtsp://ann:ü€+&=;!$()*[]|`@10.0.0.5/stream1"],
  [{ ...CAM, path: "/a b'c\"d\\e\nf%20?x=1#y" }, "rtsp://10.0.0.5/a%20b%27c%22d%5Ce%0Af%20?x=1#y"],
];
for (const [url, expected] of FORMATTED) {
  Deno.test(`formatCameraUrl: ${JSON.stringify(expected)}`, () => {
    assertEquals(formatCameraUrl(url), expected);
    assert(!/[\s'"\\]/.test(expected), "it would end a line or a quotation");
  });
}

Deno.test("parseCameraUrl undoes formatCameraUrl for any user and password", () => {
  const random = seededRandom(7);
  const letters = [..."ab@@::##%%//??'\"\\ \n\t+&=[]().-üñ€1é😀"];
  const word = () =>
    Array.from({ length: Math.floor(random() * 12) }, () => letters[Math.floor(random() * letters.length)])
      .join("");
  const hosts = ["10.0.0.5", "fd12::5", "cam.lan", "cam"];
  for (let round = 0; round < 3000; round++) {
    const host = hosts[round % hosts.length] ?? "";
    const port = round % 3 === 0 ? { port: 1 + round } : {};
    const path = ["", "/", "/stream1", "/a?b=c"][Math.floor(random() * 4)] ?? "";
    const url = as(word(), round % 5 === 0 ? undefined : word(), { host, path, ...port });
    assertEquals(parse(formatCameraUrl(url)), url);
  }
});

Deno.test("parseCameraUrl: any text is an address or refused in words, in no time to speak of", () => {
  const random = seededRandom(8);
  const letters = [..."rtsp://@:[]?#%.ab1 \n"];
  for (let round = 0; round < 3000; round++) {
    const tail = Array.from({ length: 30 }, () => letters[Math.floor(random() * letters.length)]).join("");
    try {
      assert(parse(`rtsp://${tail}`).host !== "");
    } catch (error) {
      assert(error instanceof HubError, String(error));
    }
  }
  for (const long of ["@".repeat(20_000), "a".repeat(20_000), "a@".repeat(10_000), "-".repeat(20_000)]) {
    assertThrows(() => parse(`rtsp://${long}!`), HubError);
  }
});

const SIZES: [string, string, boolean][] = [
  ["user", "x".repeat(122), true],
  ["user", "x".repeat(123), false],
  ["user", "@".repeat(40), true],
  ["user", "@".repeat(41), false],
  ["user", "ü".repeat(61), true],
  ["user", "ü".repeat(62), false],
  ["", "", true],
  ["x".repeat(126), "", true],
  ["x".repeat(127), "", false],
];
for (const [username, password, fits] of SIZES) {
  Deno.test(`assertFits: ${username.length} and ${password.length} of ${password[0] ?? "nothing"} ${fits ? "fit" : "do not"}`, () => {
    if (fits) return assertFits(username, password);
    const error = assertThrows(() => assertFits(username, password), HubError);
    assertEquals([error.kind, error.retryAtMs], ["invalid_input", Infinity]);
    assert(!`${error.message}${error.hint}`.includes("xxx"));
  });
}
