// The manifest of the bundle for Claude Desktop, made from the same lists as what the hub serves.
import { VERSION } from "../../src/base/version.ts";
import { PROMPTS } from "../../src/mcp/prompt_texts.ts";
import { OPERATIONS } from "../../src/operations/index.ts";

/** Where the program lies in the bundle. */
export const PROGRAM = "server/tapo-camera-mcp";

/** Returns the manifest (manifest_version 0.4 of @anthropic-ai/mcpb). */
export function manifest(): Record<string, unknown> {
  return {
    manifest_version: "0.4",
    name: "tapo-camera-mcp",
    display_name: "Camera hub",
    version: VERSION,
    description: "Tapo, ONVIF, RTSP and USB cameras of the house",
    long_description:
      "Asks a running hub, on this machine or elsewhere. Where none runs on this machine and no " +
      "address is given, it opens the cameras itself, which needs ffmpeg and, for webcams, v4l2-ctl.",
    author: { name: "tapo-camera-mcp" },
    license: "MIT",
    server: {
      type: "binary",
      entry_point: PROGRAM,
      mcp_config: {
        command: `\${__dirname}/${PROGRAM}`,
        args: ["mcp"],
        env: { TAPO_CAMERA_MCP_URL: "${user_config.url}", TAPO_CAMERA_MCP_TOKEN: "${user_config.token}" },
      },
    },
    user_config: {
      url: {
        type: "string",
        title: "Address of the hub",
        description: "For example http://raspberrypi.local:7777. Left empty: the hub on this machine",
        required: false,
        default: "",
      },
      token: {
        type: "string",
        title: "Token",
        description:
          "For a hub on another machine; made there with: tapo-camera-mcp token create NAME --role operator",
        sensitive: true,
        required: false,
        default: "",
      },
    },
    tools: [...OPERATIONS.values()].map(({ name, summary }) => ({ name, description: summary })),
    tools_generated: false,
    prompts: Object.entries(PROMPTS).map(([name, { description, arguments: names, text }]) => ({
      name,
      description,
      arguments: [...names],
      text: text(Object.fromEntries(names.map((each) => [each, `\${arguments.${each}}`]))),
    })),
    prompts_generated: false,
    compatibility: { platforms: ["linux"] },
  };
}
