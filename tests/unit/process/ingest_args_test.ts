// What ffmpeg is started with to read a camera, to the word; and that a camera cannot make it read anything else.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Secret } from "../../../src/base/secret.ts";
import { TO_FRAGMENTED_VIDEO } from "../../../src/process/ffmpeg_args.ts";
import {
  ingestArgs,
  ingestList,
  ingestProbeArgs,
  mjpegIngestArgs,
} from "../../../src/process/ingest_args.ts";
import type { ProcessSpec } from "../../../src/process/launcher.ts";
import { drawPictures, join } from "../tools/jpegs.ts";
import { bench } from "../tools/processes.ts";

const BEGIN = "-hide_banner -nostdin -nostats -loglevel warning -f concat -safe 0 -auto_convert 0 " +
  "-protocol_whitelist pipe,rtsp,rtsps,rtp,rtmp,rtmps,udp,tcp,tls,crypto,http,https,httpproxy " +
  "-format_whitelist concat,rtsp,flv,live_flv,mpjpeg,mjpeg,jpeg_pipe,image2 -fpsprobesize 0 -i pipe:0";
const FRAGMENTS = TO_FRAGMENTED_VIDEO.join(" ");

const ARGS: [string, string[], string][] = [
  [
    "picture and sound",
    ingestArgs({ audio: true }),
    `${BEGIN} -map 0:v:0 -map 0:a:0? -c copy ${FRAGMENTS}`,
  ],
  ["picture only", ingestArgs({ audio: false }), `${BEGIN} -map 0:v:0 -c copy ${FRAGMENTS}`],
  [
    "JPEGs over HTTP",
    mjpegIngestArgs(),
    `${BEGIN} -map 0:v:0 -c:v copy -f mpjpeg -flush_packets 1 pipe:1`,
  ],
  [
    "one picture to try",
    ingestProbeArgs(50),
    `${BEGIN} -map 0:v:0 -frames:v 1 -c:v mjpeg -q:v 17 -pix_fmt yuvj420p -threads 1 -f mjpeg pipe:1`,
  ],
];
for (const [name, args, expected] of ARGS) {
  Deno.test(`ingest: ${name} has exactly these arguments`, () => assertEquals(args.join(" "), expected));
}

const list = (url: string, transport: "tcp" | "udp" = "tcp") =>
  ingestList({ url: new Secret(url), transport, timeoutMs: 10_000 }).reveal();
const PROBING = "option probesize 1000000\noption analyzeduration 3000000\noption fpsprobesize 0\n";

Deno.test("ingestList: an RTSP camera with transport and limit, in microseconds", () => {
  assertEquals(
    list("rtsp://ann:p%40ss@10.0.0.5:554/stream1"),
    "ffconcat version 1.0\nfile 'rtsp://ann:p%40ss@10.0.0.5:554/stream1'\n" +
      `option rtsp_transport tcp\noption timeout 10000000\n${PROBING}`,
  );
  assertStringIncludes(list("rtsps://10.0.0.5/x", "udp"), "\noption rtsp_transport udp\n");
});

for (const url of ["http://10.0.0.5/x", "https://10.0.0.5/x", "rtmp://10.0.0.5/x", "rtmps://10.0.0.5/x"]) {
  Deno.test(`ingestList: ${url} gets no options of RTSP`, () => {
    const stay = url.startsWith("http") ? "option max_redirects 0\noption format_whitelist mpjpeg\n" : "";
    const limit = "option rw_timeout 10000000\n";
    assertEquals(list(url), `ffconcat version 1.0\nfile '${url}'\n${stay}${limit}${PROBING}`);
  });
}

Deno.test("ingestList: what should have been encoded ends neither line nor quotation", () => {
  const text = list("rtsp://10.0.0.5/a'\noption x y\r\nfile '/etc/passwd'");
  assertEquals(text.split("\n").length, list("rtsp://10.0.0.5/a").split("\n").length);
  assertStringIncludes(text, "file 'rtsp://10.0.0.5/a%27%0Aoption x y%0D%0Afile %27/etc/passwd%27'\n");
});

Deno.test("ingestList: shows itself to nobody", () => {
  const input = ingestList({ url: new Secret("rtsp://ann:hunter2@h/x"), transport: "tcp", timeoutMs: 1 });
  assertEquals([`${input}`, JSON.stringify({ input })], ["[secret]", '{"input":"[secret]"}']);
});

/** A camera on HTTP that answers each path as the test says, and what ffmpeg made of one of them. */
async function read(path: string, answers: Record<string, (base: string) => Response>, args: string[]) {
  const asked: string[] = [];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname, origin } = new URL(request.url);
    asked.push(pathname);
    return answers[pathname]?.(origin) ?? new Response("no", { status: 404 });
  });
  const base = `http://127.0.0.1:${server.addr.port}`;
  const { launcher } = bench();
  const input = ingestList({ url: new Secret(`${base}${path}`), transport: "tcp", timeoutMs: 5000 });
  const spec: ProcessSpec = { name: "x", program: "ffmpeg", args, input };
  const child = launcher.spawn(spec);
  const output = new Uint8Array(await new Response(child.stdout).arrayBuffer());
  const exit = await child.exited;
  return { asked, output, exit };
}

async function multipart(): Promise<Response> {
  const parts = (await drawPictures(3)).map((jpeg) =>
    join([`--b\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`, jpeg, "\r\n"])
  );
  return new Response(join([...parts, "--b--\r\n"]), {
    headers: { "content-type": "multipart/x-mixed-replace; boundary=b" },
  });
}

Deno.test("ingest: ffmpeg reads the JPEGs of an HTTP camera through the list on its stdin", async () => {
  const body = await multipart();
  const { output, exit } = await read("/video", { "/video": () => body }, mjpegIngestArgs());
  const text = new TextDecoder("latin1").decode(output);
  assertEquals([exit.code, text.match(/Content-type: image\/jpeg/g)?.length], [0, 3], exit.stderr.join("\n"));
});

Deno.test("ingest: a playlist in place of a stream leads nowhere, neither on the network nor to a file", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const source = ["-f", "lavfi", "-i", "testsrc2=size=96x64:duration=0.5"];
    const draw = ["-loglevel", "error", ...source, "-c:v", "mpeg2video", "-f", "mpegts", `${dir}/secret.ts`];
    await new Deno.Command("ffmpeg", { args: draw, stdin: "null" }).output();
    for (const target of ["/secret.ts", `file://${dir}/secret.ts`]) {
      const playlist = (base: string) =>
        new Response(
          `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${
            target.startsWith("/") ? base : ""
          }${target}\n#EXT-X-ENDLIST\n`,
          { headers: { "content-type": "application/vnd.apple.mpegurl" } },
        );
      const stored = () => new Response(Deno.readFileSync(`${dir}/secret.ts`));
      for (const args of [mjpegIngestArgs(), ingestProbeArgs(50)]) {
        const answers = { "/list.m3u8": playlist, "/secret.ts": stored };
        const { asked, output, exit } = await read("/list.m3u8", answers, args);
        assertEquals([output.length, exit.code], [0, 1]);
        assert(!asked.includes("/secret.ts"), asked.join());
      }
    }
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
