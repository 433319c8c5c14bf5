// The real outputs of v4l2-ctl and ffmpeg that the emulators' folder keeps.

const FOLDER = new URL("../../emulators/uvc/samples/", import.meta.url);

/** The text of a sample file. */
export function sample(name: string): string {
  return Deno.readTextFileSync(new URL(name, FOLDER));
}

/** A sample as a process exit: its stderr lines, and the exit status of its last line. */
export function sampleExit(name: string): { code: number; signal: undefined; stderr: string[] } {
  const lines = sample(name).trimEnd().split("\n");
  const code = /^exit (\d+)$/.exec(lines.at(-1) ?? "")?.[1];
  if (code === undefined) throw new Error(`${name} does not end with its exit status`);
  return { code: Number(code), signal: undefined, stderr: lines.slice(0, -1) };
}
