// What --help prints.

export const HELP = `tapo-camera-mcp: shows the cameras of a home in a browser on the local network

Usage:
  tapo-camera-mcp [serve] [flags]       run the hub (the default)
  tapo-camera-mcp mcp [flags]           MCP on stdin and stdout, for AI assistants: those of a running hub,
                                        else with the cameras opened here
  tapo-camera-mcp config check [FILE]   check a configuration without starting
  tapo-camera-mcp discover [flags]      list cameras that are plugged in or on the network
  tapo-camera-mcp user add NAME         add a user, or set a new password (asked for, or from stdin)
  tapo-camera-mcp user list | remove NAME
  tapo-camera-mcp user link             make a one-time login link, good for 24 hours
  tapo-camera-mcp token create NAME     make a token for a program, and print it once
                  [--role viewer|operator|admin] (viewer)  [--days N] (without end)
  tapo-camera-mcp token list | revoke NAME
  tapo-camera-mcp grafana export DIR --url URL [--force]
                                        write dashboards, alert rules and docker-compose.yml for Grafana on
                                        another host; --force overwrites files that were changed there

Flags:
  --config FILE        configuration; else $TAPO_CAMERA_MCP_CONFIG, ./config.yaml,
                       /etc/tapo-camera-mcp/config.yaml, built-in defaults
  --data DIR           folder for the database; else $STATE_DIRECTORY,
                       $XDG_DATA_HOME/tapo-camera-mcp, ~/.local/share/tapo-camera-mcp
  --host ADDR          address to listen on (0.0.0.0: all)
  --port N             dashboard, API and streams (7777)
  --metrics-port N     second listener, for monitoring (8080); 0 turns it off
  --no-dashboard       serve the API without pages
  --mcp WAY            where the hub offers MCP: http (the default), stdio, both or off
  --tools SETS         only these MCP tools, for small models: some of cameras,ptz,media,events,system,
                       lights,workflows (lights and workflows have no tools yet)
  --read-only          only MCP tools that change nothing
  --url URL            mcp: a hub on another machine, else $TAPO_CAMERA_MCP_URL;
                       grafana export: the hub's address as the other host reaches it
  --token TOKEN        mcp: its token; better in $TAPO_CAMERA_MCP_TOKEN, as others can see arguments
  --log-level LEVEL    debug, info, warn or error (info); --debug is short for debug
  --version, --help

Without a configuration the hub shows a test pattern and every USB webcam it finds.
Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
`;
