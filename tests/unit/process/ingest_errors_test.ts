// Why ffmpeg could not read a camera: from what versions 5 to 7 write, some of it written by the ffmpeg of this machine.
import { assert, assertEquals } from "@std/assert";
import type { ErrorKind } from "../../../src/base/errors.ts";
import { explainIngest, type IngestCause } from "../../../src/process/ingest_errors.ts";
import { TO_FRAGMENTED_VIDEO } from "../../../src/process/ffmpeg_args.ts";
import type { ProcessExit } from "../../../src/process/launcher.ts";

const OPEN = "[concat @ 0x55d0] Impossible to open 'rtsp://***@10.0.0.5:554/stream1'";
const HEADER = "Could not write header for output file #0 (incorrect codec parameters ?): Invalid argument";
const UNSET =
  "[mov @ 0x55d0] Timestamps are unset in a packet for stream 0. This is deprecated and will stop working in the future.";
const rtsp = (method: string, status: string) => `[rtsp @ 0x55d0] method ${method} failed: ${status}`;
const tcp = (why: string) => `[tcp @ 0x55d0] Connection to tcp://10.0.0.5:554?timeout=0 failed: ${why}`;
const HTTP = "[concat @ 0x55d0] Impossible to open 'http://10.0.0.5/video.cgi'";
const UNKNOWN = "[mpjpeg @ 0x55d0] Could not find codec parameters for stream 0 (Video: mjpeg, none)";
const rtmp = (line: string) => `[rtmp @ 0x55d0] ${line}`;
const tls = (line: string) => `[tls @ 0x55d0] ${line}`;
const exit = (stderr: string[], code = 1): ProcessExit => ({ code, signal: undefined, stderr });

const UNTOLD = "pipe:0: Unknown error occurred";
/** As libavformat words them; what stands behind "Server error" is the server's. */
const RTMP_REFUSALS: [string, string][] = [
  ["a password over RTMP", "Incorrect username/password"],
  ["a user over RTMP", "Incorrect username"],
  ["no account over RTMP", "No credentials set"],
  [
    "a password over RTMP in the server's words",
    "Server error: [ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed&opaque=vgoAAA==",
  ],
  ["a user in the server's words", "Server error: [ authmod=llnw ] : ?reason=nosuchuser"],
  ["RTMP refused without a reason", "Server error: [ AccessManager.Reject ] : [ code=403 need auth ]"],
];

const TABLE: [string, string[], number, IngestCause, ErrorKind][] = [
  [
    "401",
    [
      rtsp("DESCRIBE", "401 Unauthorized"),
      OPEN,
      "pipe:0: Server returned 401 Unauthorized (authorization failed)",
    ],
    1,
    "refused",
    "unauthenticated",
  ],
  ["401 in other words", [rtsp("DESCRIBE", "401 Login Required"), OPEN], 1, "refused", "unauthenticated"],
  [
    "401 over HTTP",
    ["[http @ 0x55d0] HTTP error 401 Unauthorized", OPEN],
    1,
    "refused",
    "unauthenticated",
  ],
  ...RTMP_REFUSALS.map(([name, line]): (typeof TABLE)[number] => [
    name,
    [`[rtmp @ 0x55d0] ${line}`, "[concat @ 0x55d0] Impossible to open 'rtmp://10.0.0.5/live'", UNTOLD],
    1,
    "refused",
    "unauthenticated",
  ]),
  [
    "403",
    [
      rtsp("SETUP", "403 Forbidden"),
      OPEN,
      "pipe:0: Server returned 403 Forbidden (access denied)",
    ],
    1,
    "denied",
    "unauthenticated",
  ],
  ["403 over HTTP", ["[http @ 0x55d0] HTTP error 403 Forbidden", OPEN], 1, "denied", "unauthenticated"],
  [
    "404",
    [rtsp("DESCRIBE", "404 Not Found"), OPEN, "pipe:0: Server returned 404 Not Found"],
    1,
    "not_found",
    "not_found",
  ],
  ["404 of Hikvision", [rtsp("DESCRIBE", "404 Stream Not Found"), OPEN], 1, "not_found", "not_found"],
  [
    "404 of live555",
    [rtsp("DESCRIBE", "404 File Not Found, Or In Incorrect Format"), OPEN],
    1,
    "not_found",
    "not_found",
  ],
  ["404 over HTTP", ["[http @ 0x55d0] HTTP error 404 Not Found", OPEN], 1, "not_found", "not_found"],
  [
    "453 to SETUP",
    [
      rtsp("SETUP", "453 Not Enough Bandwidth"),
      OPEN,
      "pipe:0: Server returned 4XX Client Error, but not one of 40{0,1,3,4}",
    ],
    1,
    "crowded",
    "unavailable",
  ],
  ["453 to PLAY", [rtsp("PLAY", "453 Not Enough Bandwidth"), OPEN], 1, "crowded", "unavailable"],
  ["453 in other words", [rtsp("DESCRIBE", "453 Too Many Users"), OPEN], 1, "crowded", "unavailable"],
  [
    "503",
    [rtsp("PLAY", "503 Service Unavailable"), OPEN, "pipe:0: Server returned 5XX Server Error reply"],
    1,
    "crowded",
    "unavailable",
  ],
  [
    "503 over HTTP",
    ["[http @ 0x55d0] HTTP error 503 Service Unavailable", OPEN],
    1,
    "crowded",
    "unavailable",
  ],
  [
    "461",
    [
      rtsp("SETUP", "461 Unsupported Transport"),
      OPEN,
      "pipe:0: Protocol not supported",
    ],
    1,
    "transport",
    "unavailable",
  ],
  ["461 in other words", [rtsp("SETUP", "461 Unsupported transport"), OPEN], 1, "transport", "unavailable"],
  [
    "refused connection",
    [tcp("Connection refused"), OPEN, "pipe:0: Connection refused"],
    1,
    "unreachable",
    "unavailable",
  ],
  [
    "no route",
    [tcp("No route to host"), OPEN, "pipe:0: No route to host"],
    1,
    "unreachable",
    "unavailable",
  ],
  ["no network", [tcp("Network is unreachable"), OPEN], 1, "unreachable", "unavailable"],
  [
    "no answer to the connection",
    [tcp("Connection timed out"), OPEN, "pipe:0: Connection timed out"],
    1,
    "unreachable",
    "unavailable",
  ],
  [
    "unknown name",
    ["[tcp @ 0x55d0] Failed to resolve hostname nohost.invalid: Name or service not known", OPEN],
    1,
    "unreachable",
    "unavailable",
  ],
  [
    "a page over HTTP",
    [HTTP, "pipe:0: Invalid data found when processing input"],
    1,
    "no_stream",
    "unsupported",
  ],
  [
    "a single picture over HTTP",
    ["[jpeg_pipe @ 0x55d0] Format not on whitelist 'mpjpeg'", HTTP, "pipe:0: Invalid argument"],
    1,
    "no_stream",
    "unsupported",
  ],
  [
    "parts of another name",
    [
      "[mpjpeg @ 0x55d0] Unexpected Content-Type : image/jpg",
      UNKNOWN,
      "[mpjpeg @ 0x55d0] dimensions not set",
    ],
    1,
    "no_stream",
    "unsupported",
  ],
  [
    "a redirect over HTTP",
    [HTTP, "pipe:0: Input/output error"],
    1,
    "ended",
    "unavailable",
  ],
  [
    "a wrong password over RTMP",
    [rtmp("Incorrect username/password"), rtmp("Server error: ?reason=authfailed&opaque=x"), OPEN],
    1,
    "refused",
    "unauthenticated",
  ],
  ["no password over RTMP", [rtmp("No credentials set"), OPEN], 1, "refused", "unauthenticated"],
  ["no such stream over RTMP", [rtmp("Server error: Stream not found"), OPEN], 1, "not_found", "not_found"],
  [
    "no TLS where it should be",
    [tls("An unexpected TLS packet was received."), HTTP, "pipe:0: Input/output error"],
    1,
    "unreachable",
    "unavailable",
  ],
  [
    "TLS that does not fit",
    [tls("A TLS fatal alert has been received."), OPEN],
    1,
    "unreachable",
    "unavailable",
  ],
  ["a stall", ["pipe:0: Connection timed out"], 0, "silent", "timeout"],
  ["a stall behind harmless words", [UNSET, "pipe:0: Connection timed out"], 0, "silent", "timeout"],
  [
    "no data at all",
    [
      "[mov @ 0x55d0] dimensions not set",
      HEADER,
      "Error initializing output stream 0:0 --",
    ],
    1,
    "silent",
    "timeout",
  ],
  ["VP8", ["[mov @ 0x55d0] VP8 muxing is currently not supported.", HEADER], 1, "codec", "unsupported"],
  ["VP9", ["[mov @ 0x55d0] vp9 only supported in MP4.", HEADER], 1, "codec", "unsupported"],
  ["AV1", ["[mov @ 0x55d0] av1 only supported in MP4 and AVIF.", HEADER], 1, "codec", "unsupported"],
  [
    "H.265 over RTMP",
    [
      "[flv @ 0x55d0] Video codec (c) is not implemented. Update your FFmpeg version to the newest one from Git.",
      "[concat @ 0x55d0] Could not find codec parameters for stream 0 (Unknown: none): unknown codec",
      "Stream map '0:v:0' matches no streams.",
    ],
    1,
    "codec",
    "unsupported",
  ],
  [
    "a strange picture",
    ["[mov @ 0x55d0] Could not find tag for codec webp in stream #0, codec not currently supported in container"],
    1,
    "codec",
    "unsupported",
  ],
  [
    "a strange sound",
    ["[mov @ 0x55d0] Could not find tag for codec sbc in stream #1, codec not currently supported in container"],
    1,
    "sound",
    "unavailable",
  ],
  ["Opus", ["[mov @ 0x55d0] opus only supported in MP4.", HEADER], 1, "sound", "unavailable"],
  [
    "no answer, or garbage",
    [OPEN, "pipe:0: Invalid data found when processing input"],
    1,
    "ended",
    "unavailable",
  ],
  ["no answer to PLAY", [OPEN, "pipe:0: Operation not permitted"], 1, "ended", "unavailable"],
  ["the camera closes", [], 0, "ended", "unavailable"],
  ["a run with harmless words, then closed", [UNSET], 0, "ended", "unavailable"],
  ["killed", [], 137, "ended", "unavailable"],
];
for (const [name, stderr, code, cause, kind] of TABLE) {
  Deno.test(`explainIngest: ${name} is ${cause}`, () => {
    const fault = explainIngest(exit(stderr, code), 1000);
    assertEquals([fault.cause, fault.error.kind], [cause, kind]);
    assert(fault.error.hint, "what can be done");
    assertEquals(fault.error.details, { cause, stderr });
    // A wrong account is not tried again by itself, a crowd or a page not at once, all else as the waits say.
    const retryAtMs =
      { refused: Infinity, denied: Infinity, crowded: 16_000, no_stream: 61_000 }[cause as string];
    assertEquals(fault.error.retryAtMs, retryAtMs);
  });
}

Deno.test("explainIngest: an end in good order and a failed opening are told in different words", () => {
  assertEquals(explainIngest(exit([], 0)).error.message, "The camera ended its stream");
  assertEquals(explainIngest(exit([], 1)).error.message, "The camera's stream could not be read");
});

const REAL: [string, string[], IngestCause][] = [
  ["Opus sound", ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "libopus"], "sound"],
  ["SBC sound", ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "sbc", "-ar", "16000"], "sound"],
  ["VP8 with G.711", ["-c:v", "libvpx", "-c:a", "pcm_alaw", "-ar", "8000"], "codec"],
  ["a picture that is none", ["-c:v", "pam", "-c:a", "pcm_alaw", "-ar", "8000"], "codec"],
];
for (const [name, codecs, cause] of REAL) {
  Deno.test(`explainIngest: ${name}, as ffmpeg refuses it here, is ${cause}`, async () => {
    const sources = ["testsrc2=size=96x64:rate=10:duration=0.2", "sine=duration=0.2"];
    const inputs = sources.flatMap((source) => ["-f", "lavfi", "-i", source]);
    const args = [
      "-hide_banner",
      "-nostdin",
      "-loglevel",
      "warning",
      ...inputs,
      "-map",
      "0:v:0",
      "-map",
      "1:a:0",
    ];
    const { code, stderr } = await new Deno.Command("ffmpeg", {
      args: [...args, ...codecs, ...TO_FRAGMENTED_VIDEO],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    const lines = new TextDecoder().decode(stderr).split("\n").filter(Boolean);
    assertEquals(explainIngest(exit(lines, code)).cause, cause, lines.join("\n"));
  });
}
