// What --help prints.

export const HELP = `tapo-camera-mcp: shows the cameras of a home in a browser on the local network

Usage:
  tapo-camera-mcp [serve] [flags]       run the hub (the default)
  tapo-camera-mcp config check [FILE]   check a configuration without starting
  tapo-camera-mcp discover [flags]      list cameras that are plugged in or on the network
  tapo-camera-mcp user add NAME         add a user, or set a new password (asked for, or from stdin)
  tapo-camera-mcp user list | remove NAME
  tapo-camera-mcp user link             make a one-time login link, good for 24 hours

Flags:
  --config FILE        configuration; else $TAPO_CAMERA_MCP_CONFIG, ./config.yaml,
                       /etc/tapo-camera-mcp/config.yaml, built-in defaults
  --data DIR           folder for the database; else $STATE_DIRECTORY,
                       $XDG_DATA_HOME/tapo-camera-mcp, ~/.local/share/tapo-camera-mcp
  --host ADDR          address to listen on (0.0.0.0: all)
  --port N             dashboard, API and streams (7777)
  --metrics-port N     second listener, for monitoring (8080); 0 turns it off
  --no-dashboard       serve the API without pages
  --log-level LEVEL    debug, info, warn or error (info); --debug is short for debug
  --version, --help

Without a configuration the hub shows a test pattern and every USB webcam it finds.
Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
`;
