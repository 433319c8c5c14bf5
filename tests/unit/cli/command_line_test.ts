// The command line as data, the data folder, and the address in the link that the hub prints.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { COMMANDS, parseCommandLine } from "../../../src/cli/flags.ts";
import { HELP } from "../../../src/cli/help.ts";
import { lanAddress, linkHost, type LinkSources, originHost } from "../../../src/cli/link.ts";
import { dataFolder } from "../../../src/cli/folders.ts";

const DEFAULTS = {
  command: "serve",
  words: [] as string[],
  help: false,
  version: false,
  config: undefined,
  data: undefined,
  host: undefined,
  port: undefined,
  metricsPort: undefined,
  dashboard: true,
  logLevel: undefined,
  mcp: "http",
  tools: undefined,
  readOnly: false,
  url: undefined,
  token: undefined,
  role: undefined,
  days: undefined,
  force: false,
};
const LINES: [string, Record<string, unknown>][] = [
  ["", {}],
  ["serve", {}],
  ["--port 0 --metrics-port 65535", { port: 0, metricsPort: 65535 }],
  ["serve --config a.yaml --data /d --host ::1", { config: "a.yaml", data: "/d", host: "::1" }],
  ["--port=7800", { port: 7800 }],
  ["--no-dashboard --debug", { dashboard: false, logLevel: "debug" }],
  ["--log-level warn", { logLevel: "warn" }],
  ["--debug --log-level error", { logLevel: "debug" }],
  ["-h", { help: true }],
  ["--version", { version: true }],
  ["-V", { version: true }],
  ["config check x.yaml", { command: "config", words: ["check", "x.yaml"] }],
  ["user add ann --data /d", { command: "user", words: ["add", "ann"], data: "/d" }],
  ["discover", { command: "discover" }],
  ["--mcp both --tools cameras,ptz --read-only", { mcp: "both", tools: ["cameras", "ptz"], readOnly: true }],
  ["mcp --url http://pi:7777 --token t", { command: "mcp", url: "http://pi:7777", token: "t" }],
  ["mcp --tools lights,workflows", { command: "mcp", tools: ["lights", "workflows"] }],
  ["mcp --data /d --tools media", { command: "mcp", data: "/d", tools: ["media"] }],
  ["grafana export ./g --url http://pi:7777 --force", {
    command: "grafana",
    words: ["export", "./g"],
    url: "http://pi:7777",
    force: true,
  }],
  ["token create claude --role operator --days 90", {
    command: "token",
    words: ["create", "claude"],
    role: "operator",
    days: 90,
  }],
];
for (const [line, expected] of LINES) {
  Deno.test(`parseCommandLine: "${line}"`, () => {
    assertEquals<unknown>(parseCommandLine(line.split(" ").filter(Boolean)), { ...DEFAULTS, ...expected });
  });
}

const WRONG: [string, string][] = [
  ["sevre", 'There is no command "sevre"; did you mean "serve"?'],
  ["zzzzzzzz", 'There is no command "zzzzzzzz"'],
  ["--prot 1", 'There is no flag "--prot"; did you mean "--port"?'],
  ["--zzzzzzzzzzz", 'There is no flag "--zzzzzzzzzzz"'],
  ["--port many", '--port cannot be "many"'],
  ["--port 65536", '--port cannot be "65536"'],
  ["--port 1e3", '--port cannot be "1e3"'],
  ["--port=", '--port cannot be ""'],
  ["--metrics-port 0x10", '--metrics-port cannot be "0x10"'],
  ["--log-level loud", '--log-level cannot be "loud"'],
  ["--mcp tcp", '--mcp cannot be "tcp"'],
  ["--tools camera", '--tools cannot be "camera"'],
  ["--tools=", "--tools names nothing"],
  ["mcp --port 7800", '--port does not belong to "mcp"'],
  ["serve --url http://pi", '--url does not belong to "serve"'],
  ["mcp --force", '--force does not belong to "mcp"'],
  ["mcp --mcp both", '--mcp does not belong to "mcp"'],
  ["token create x --role root", '--role cannot be "root"'],
  ["token create x --days 0", '--days cannot be "0"'],
  ["token create x --days soon", '--days cannot be "soon"'],
  ["--port", "--port"],
  ["--debug=yes", "--debug"],
];
for (const [line, message] of WRONG) {
  Deno.test(`parseCommandLine: "${line}" is refused in words`, () => {
    const error = assertThrows(() => parseCommandLine(line.split(" ")), HubError);
    assertEquals(error.kind, "invalid_input");
    assertStringIncludes(error.message, message);
    assert(error.hint);
  });
}

Deno.test("HELP: names every command and flag", () => {
  for (const command of COMMANDS) assertStringIncludes(HELP, command);
  const flags = [
    "config",
    "data",
    "host",
    "port",
    "metrics-port",
    "no-dashboard",
    "log-level",
    "debug",
    "version",
    "help",
    "mcp",
    "tools",
    "read-only",
    "url",
    "token",
    "role",
    "days",
  ];
  for (const flag of flags) assertStringIncludes(HELP, `--${flag}`);
});

const IPV4 = { family: "IPv4", address: "192.168.1.20" } as const;
const FACES = [
  { family: "IPv4", address: "127.0.0.1" },
  { family: "IPv6", address: "fe80::1" },
  { family: "IPv4", address: "169.254.3.4" },
  IPV4,
  { family: "IPv4", address: "10.0.0.2" },
] as const;

function sources(
  env: Record<string, string>,
  isTerminal: boolean,
  faces: readonly (typeof FACES)[number][] = FACES,
): LinkSources {
  return { env: (name) => env[name], interfaces: () => [...faces], isTerminal };
}

const SSH = { SSH_CONNECTION: "192.168.1.9 50000 192.168.1.20 22" };
const SSH6 = { SSH_CONNECTION: "fd00::9 50000 fd00::20 22" };
const SERVICE = { INVOCATION_ID: "abc" };
const LINKS: [string, string, LinkSources, string][] = [
  ["a named address", "192.168.7.7", sources(SSH, true), "192.168.7.7"],
  ["a named IPv6 address", "fd00::1", sources({}, true), "[fd00::1]"],
  ["a name", "pi.local", sources({}, true), "pi.local"],
  ["at the machine itself", "0.0.0.0", sources({}, true), "127.0.0.1"],
  ["all IPv6 at the machine itself", "::", sources({}, true), "127.0.0.1"],
  ["over ssh", "0.0.0.0", sources(SSH, true), "192.168.1.20"],
  ["over ssh on IPv6", "::", sources(SSH6, true), "[fd00::20]"],
  ["as a service", "0.0.0.0", sources(SERVICE, false), "192.168.1.20"],
  ["as a service without a network", "0.0.0.0", sources(SERVICE, false, []), "127.0.0.1"],
  ["in a terminal that systemd started", "0.0.0.0", sources(SERVICE, true), "127.0.0.1"],
  ["with a broken SSH_CONNECTION", "0.0.0.0", sources({ SSH_CONNECTION: "x" }, true), "127.0.0.1"],
];
for (const [name, host, from, expected] of LINKS) {
  Deno.test(`linkHost: ${name} gives ${expected}`, () => assertEquals(linkHost(host, from), expected));
}

Deno.test("originHost: programs elsewhere get the machine's own address, not its loopback", () => {
  const from: LinkSources = {
    env: () => undefined,
    interfaces: () => [{ family: "IPv4", address: "127.0.0.1" }, { family: "IPv4", address: "192.168.1.7" }],
    isTerminal: true,
  };
  assertEquals(originHost("0.0.0.0", from), "192.168.1.7");
  assertEquals(originHost("127.0.0.1", from), "127.0.0.1");
  assertEquals(originHost("::", { ...from, interfaces: () => [] }), "127.0.0.1");
});

Deno.test("lanAddress: neither loopback nor link-local; none where there is none", () => {
  assertEquals(lanAddress(sources({}, true)), "192.168.1.20");
  assertEquals(lanAddress(sources({}, true, FACES.slice(0, 3))), undefined);
});

Deno.test("dataFolder: the flag, then the file, then systemd's, then XDG's, then home's; else it says so", () => {
  const names = ["STATE_DIRECTORY", "XDG_DATA_HOME", "HOME"];
  const before = names.map((name) => Deno.env.get(name));
  const line = parseCommandLine([]);
  try {
    for (const name of names) Deno.env.set(name, `/${name.toLowerCase()}`);
    assertEquals(dataFolder({ ...line, data: "/flag" }, "/file"), "/flag");
    assertEquals(dataFolder(line, "/file"), "/file");
    assertEquals(dataFolder(line, undefined), "/state_directory");
    Deno.env.delete("STATE_DIRECTORY");
    assertEquals(dataFolder(line, undefined), "/xdg_data_home/tapo-camera-mcp");
    Deno.env.delete("XDG_DATA_HOME");
    assertEquals(dataFolder(line, undefined), "/home/.local/share/tapo-camera-mcp");
    Deno.env.delete("HOME");
    assertEquals(assertThrows(() => dataFolder(line, undefined), HubError).kind, "invalid_input");
  } finally {
    for (const [i, name] of names.entries()) {
      const value = before[i];
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
});
