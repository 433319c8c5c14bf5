// A client of the AI SDK, which has its own code for the protocol: connects, lists the tools, calls one, and prints
// what it got as JSON. Arguments: the package, where to connect (`{url, headers}` or `{command, args}`), the tool's
// name and its input, the last three but the name as JSON.

const [aiSdk = "", where = "{}", name = "", input = "{}"] = Deno.args;
const { createMCPClient } = await import(aiSdk);
const { Experimental_StdioMCPTransport } = await import(`${aiSdk}/mcp-stdio`);
const target = JSON.parse(where);
const transport = target.url ? { type: "http", ...target } : new Experimental_StdioMCPTransport(target);
const client = await createMCPClient({ transport });
const tools = await client.tools();
const result = await tools[name].execute(JSON.parse(input), { toolCallId: "1", messages: [] });
const got = JSON.stringify({ server: client.serverInfo.name, tools: Object.keys(tools), result });
await new Blob([got]).stream().pipeTo(Deno.stdout.writable);
await client.close();
Deno.exit(0);
