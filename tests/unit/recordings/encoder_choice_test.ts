import { assertEquals } from "@std/assert";
import { Logger } from "../../../src/base/log.ts";
import type { Launcher, ProcessSpec } from "../../../src/process/launcher.ts";
import { EncoderChoice } from "../../../src/recordings/encoder_choice.ts";

/** A machine on which these encoders work; notes what was tried. */
function machine(...working: string[]) {
  const tried: string[] = [];
  const launcher = {
    spawn: ({ name, args }: ProcessSpec) => {
      tried.push(name);
      const code = working.some((each) => args.includes(each)) ? 0 : 1;
      return {
        exited: Promise.resolve({ code, signal: undefined, stderr: [] }),
        stdout: new ReadableStream(),
      };
    },
  } as unknown as Launcher;
  return { tried, choice: new EncoderChoice({ launcher, log: new Logger(() => {}, "error") }) };
}

Deno.test("[REC-ENCODE] EncoderChoice: hardware where it works, tried once; else the one in software", async () => {
  const pi = machine("h264_v4l2m2m", "h264_vaapi");
  assertEquals([await pi.choice.get(), await pi.choice.get()], ["h264_v4l2m2m", "h264_v4l2m2m"]);
  assertEquals(pi.tried, ["try h264_v4l2m2m"]);
  const pc = machine("h264_vaapi");
  assertEquals([await pc.choice.get(), pc.tried.length], ["h264_vaapi", 2]);
  const none = machine();
  assertEquals([await none.choice.get(), none.tried.length], ["libx264", 2]);
});

Deno.test("[REC-ENCODE] EncoderChoice: one that fails with real pictures is not taken again", async () => {
  const { choice } = machine("h264_v4l2m2m");
  assertEquals(await choice.get(), "h264_v4l2m2m");
  choice.giveUp("h264_v4l2m2m");
  assertEquals(await choice.get(), "libx264");
  choice.giveUp("libx264");
  assertEquals(await choice.get(), "libx264");
});
