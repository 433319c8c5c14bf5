// `tapo-camera-mcp user …`: who may log in. Works beside a running hub, on the same database.
import { Access } from "../auth/access.ts";
import { isoTime, systemClock } from "../base/clock.ts";
import type { Layout } from "../base/layout.ts";
import { HubError } from "../base/errors.ts";
import { AccessTables } from "../store/access_tables.ts";
import { openStore } from "../store/open_store.ts";
import { print, readNewPassword } from "./console.ts";
import { type CommandLine, usageError } from "./flags.ts";
import { linkHost, systemLinkSources } from "./link.ts";
import { dataFolder } from "./folders.ts";
import { loadSettings } from "./settings.ts";

/** Runs `user add|list|remove|link`. */
export async function users(line: CommandLine, layout: Layout): Promise<void> {
  const { config } = await loadSettings(line);
  const [verb, name] = line.words;
  const store = await openStore(dataFolder(line, config.data_dir), layout.storeWorker);
  try {
    if (store.volatileBecause) throw store.volatileBecause;
    const tables = new AccessTables(store.database);
    const access = new Access(tables, { clock: systemClock, sessionDays: config.auth.session_days });
    if (verb === "list") await list(tables);
    else if (verb === "add") await add(access, nameOf(name));
    else if (verb === "remove") await remove(tables, nameOf(name));
    else if (verb === "link") {
      const host = linkHost(config.server.host, systemLinkSources);
      print(`http://${host}:${config.server.port}/?token=${await access.createLink()}`);
    } else {throw usageError(
        verb ? `There is no "user ${verb}"` : "user needs a word more",
        "Say add, list, remove or link",
      );}
  } finally {
    await store.database.close();
  }
}

function nameOf(name: string | undefined): string {
  if (name !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(name)) return name;
  throw usageError("A user needs a name", "Give letters, digits, dots, - and _, at most 64");
}

async function list(tables: AccessTables): Promise<void> {
  const all = await tables.users();
  if (all.length === 0) {
    print("No user has a password yet. Log in by the link that the hub prints when it starts.");
  }
  for (const user of all) print(`${user.name}\tsince ${isoTime(user.createdAtMs)}`);
}

async function add(access: Access, name: string): Promise<void> {
  await access.setPassword(name, await readNewPassword());
  print(`${name} can log in now.`);
}

async function remove(tables: AccessTables, name: string): Promise<void> {
  if (!await tables.removeUser(name)) throw new HubError("not_found", `There is no user "${name}"`);
  print(`${name} cannot log in any more.`);
}
