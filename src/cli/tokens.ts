// `tapo-camera-mcp token …`: what programs show instead of a login. Works beside a running hub.
import { Access } from "../auth/access.ts";
import type { TokenView } from "../auth/tokens.ts";
import { isoTime, systemClock } from "../base/clock.ts";
import type { Layout } from "../base/layout.ts";
import { AccessTables } from "../store/access_tables.ts";
import { openStore } from "../store/open_store.ts";
import { print, printAside } from "./console.ts";
import { type CommandLine, usageError } from "./flags.ts";
import { dataFolder } from "./folders.ts";
import { loadSettings } from "./settings.ts";

/** Runs `token create|list|revoke`. */
export async function tokens(line: CommandLine, layout: Layout): Promise<void> {
  const [verb, name, ...rest] = line.words;
  if (rest.length > 0) throw usageError(`"${rest.join(" ")}" is too much`);
  if (verb !== "create" && (line.role !== undefined || line.days !== undefined)) {
    throw usageError('--role and --days belong to "token create"');
  }
  const { config } = await loadSettings(line);
  const store = await openStore(dataFolder(line, config.data_dir), layout.storeWorker);
  try {
    if (store.volatileBecause) throw store.volatileBecause;
    const sessionDays = config.auth.session_days;
    const access = new Access(new AccessTables(store.database), { clock: systemClock, sessionDays });
    if (verb === "list") await list(access);
    else if (verb === "create") await create(access, nameOf(name), line);
    else if (verb === "revoke") await revoke(access, nameOf(name));
    else {throw usageError(
        verb ? `There is no "token ${verb}"` : "token needs a word more",
        "Say create, list or revoke",
      );}
  } finally {
    await store.database.close();
  }
}

function nameOf(name: string | undefined): string {
  if (name !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(name)) return name;
  throw usageError("A token needs a name", "Give letters, digits, dots, - and _, at most 64");
}

/** The token alone on stdout, so that a script can take it; what to know of it beside that. */
async function create(access: Access, name: string, { role = "viewer", days }: CommandLine): Promise<void> {
  print(await access.tokens.create(name, { role, days }));
  printAside(
    `This is the token "${name}" (${role}${days === undefined ? "" : `, for ${days} days`}). ` +
      "It is shown this once: the hub keeps only its hash.",
  );
}

async function list(access: Access): Promise<void> {
  const all = await access.tokens.list();
  if (all.length === 0) print('There is no token. "tapo-camera-mcp token create NAME" makes one.');
  for (const token of all) print(tokenLine(token, systemClock.now()));
}

/** Name, role and times of a token, with tabs between. */
export function tokenLine(
  { name, role, createdAtMs, usedAtMs, expiresAtMs }: TokenView,
  nowMs: number,
): string {
  const end = expiresAtMs === undefined
    ? "without end"
    : `${expiresAtMs <= nowMs ? "expired" : "until"} ${isoTime(expiresAtMs)}`;
  const use = usedAtMs === undefined ? "never used" : `used ${isoTime(usedAtMs)}`;
  return [name, role, `since ${isoTime(createdAtMs)}`, use, end].join("\t");
}

async function revoke(access: Access, name: string): Promise<void> {
  await access.tokens.revoke(name);
  print(`The token "${name}" is refused from now on, by a running hub within 10 seconds.`);
}
