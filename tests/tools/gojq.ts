// jq as Grafana's Infinity has it: the program of the library that is built into its server.

/** The first result of the filter for a text of JSON. @throws Error with what it says is wrong. */
export async function runJq(filter: string, json: string): Promise<unknown> {
  const file = await Deno.makeTempFile({ prefix: "jq-", suffix: ".json" });
  try {
    await Deno.writeTextFile(file, json);
    const { success, stdout, stderr } = await new Deno.Command("gojq", { args: ["-c", filter, file] })
      .output();
    if (!success) throw new Error(`gojq: ${new TextDecoder().decode(stderr)}, in ${filter}`);
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(file);
  }
}
