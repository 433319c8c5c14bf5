// Everything a client does, over stdio and HTTP, in both eras of the protocol.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { INSTRUCTIONS } from "../../../src/mcp/instructions.ts";
import { until } from "../tools/processes.ts";
import {
  dataOf,
  type Era,
  ERAS,
  PICTURE,
  problemIn,
  type Stage,
  textOf,
  type Visitor,
  type Way,
  withStage,
} from "./stage.ts";

type Case = (stage: Stage, visitor: Visitor) => Promise<void>;

const CASES: Record<string, Case> = {
  "the list tells what each tool takes, answers and does": async ({ client }, visitor) => {
    const mcp = await client(visitor);
    assertEquals(mcp.getNegotiatedProtocolVersion(), visitor.era);
    assertEquals(mcp.getInstructions(), INSTRUCTIONS);
    const { tools } = await mcp.listTools();
    const move = tools.find(({ name }) => name === "move_ptz");
    assertEquals(move?.inputSchema.additionalProperties, false);
    assertEquals(move?.outputSchema?.type, "object");
    assertEquals(move?.annotations, {
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
      openWorldHint: false,
    });
    assert((move?.description?.length ?? 0) > 40);
    const reboot = tools.find(({ name }) => name === "reboot_camera");
    assertEquals([reboot?.annotations?.destructiveHint, reboot?.annotations?.readOnlyHint], [true, false]);
    const list = tools.find(({ name }) => name === "list_cameras");
    assertEquals(
      (list?._meta as { ui: { resourceUri: string } }).ui.resourceUri,
      "ui://tapo-camera-mcp/cameras.html",
    );
  },

  "a call moves the camera, and answers with data and words": async ({ client, state }, visitor) => {
    const mcp = await client(visitor);
    const result = await mcp.callTool({ name: "move_ptz", arguments: { camera_id: "a", pan: 0.25 } });
    assertEquals(state.position.pan, 0.25);
    assertEquals([dataOf(result).verified, dataOf(result).position.pan], ["readback", 0.25]);
    assertMatch(textOf(result), /verified: readback/);
    const dry = await mcp.callTool({
      name: "move_ptz",
      arguments: { camera_id: "a", pan: -0.5, dry_run: true },
    });
    assertMatch(dataOf(dry).would, /Move camera "a" by pan -0.5/);
    assertEquals(state.position.pan, 0.25);
  },

  "what is wrong is told in the hub's words": async ({ client }, visitor) => {
    const mcp = await client(visitor);
    const problem = async (name: string, input: Record<string, unknown>) => {
      const result = await mcp.callTool({ name, arguments: input });
      assertEquals([result.isError, dataOf(result)], [true, undefined]);
      return problemIn(result);
    };
    const wrong = await problem("move_ptz", { camera_id: "a", pan: "far" });
    assertEquals([wrong.error_code, wrong.urgency, wrong.details.problems[0].path], [
      "invalid_input",
      "low",
      "pan",
    ]);
    const unknown = await problem("get_camera_info", { camera_id: "zzz" });
    assertEquals([unknown.error_code, unknown.recovery_options], ["not_found", [
      "The cameras are: a, plain",
    ]]);
    const unable = await problem("move_ptz", { camera_id: "plain", pan: 0.1 });
    assertMatch(`${unable.message} ${unable.recovery_options}`, /"plain" cannot be moved; these can: a/);
    const whose = await problem("get_camera_info", {});
    assertMatch(JSON.stringify(whose), /one of a, plain/);
    const hidden = await problem("toy_leaky", { fail: true });
    assertEquals([hidden.error_code, hidden.message], ["internal", "Something went wrong inside the hub"]);
    assertEquals((await problem("toy_broken", {})).error_code, "internal");
    assertMatch(
      (await assertRejects(() => mcp.callTool({ name: "no_such_tool" }), Error)).message,
      /no_such_tool/,
    );
  },

  "[SECRETS] nothing that looks like a password leaves": async ({ client }, visitor) => {
    const mcp = await client(visitor);
    const result = await mcp.callTool({ name: "toy_leaky", arguments: {} });
    assert(!JSON.stringify(result).includes("hunter2"), textOf(result));
    assertEquals(dataOf(result).nested.urls, ["rtsp://[secret]@192.0.2.1/stream1"]);
  },

  "a picture comes as a picture with a link": async ({ client }, visitor) => {
    const mcp = await client(visitor);
    const result = await mcp.callTool({ name: "toy_picture", arguments: { camera_id: "a" } });
    assertEquals(dataOf(result).image_base64, undefined);
    assertEquals((result.content as unknown[]).slice(1), [
      { type: "image", data: "/9j/2Q==", mimeType: "image/jpeg" },
      {
        type: "resource_link",
        uri: "camera://a/snapshot",
        name: "Full picture of a",
        mimeType: "image/jpeg",
      },
    ]);
  },

  "a person is asked before something destructive": async ({ client, state, questions }, visitor) => {
    const call = { name: "reboot_camera", arguments: { camera_id: "a" } };
    const plain = await (await client(visitor)).callTool(call);
    assertEquals([dataOf(plain).success, dataOf(plain).needs], [false, "confirm"]);
    const refusing = await (await client({ ...visitor, answer: "no" })).callTool(call);
    assertEquals(problemIn(refusing).error_code, "declined");
    assertEquals(state.done, []);
    const asking = await client({ ...visitor, answer: "yes" });
    assertEquals(dataOf(await asking.callTool(call)).success, true);
    assertEquals(state.done, ["reboot"]);
    assertEquals(questions.length, 2);
    assertMatch(questions[0] ?? "", /"a"/);
    const wrong = await asking.callTool({ ...call, arguments: { camera_id: "zzz" } });
    assertEquals([problemIn(wrong).error_code, questions.length], ["not_found", 2]);
  },

  "a model that confirms by itself does not skip the person, where there is one to ask": async (
    { client, state, questions },
    visitor,
  ) => {
    const call = { name: "reboot_camera", arguments: { camera_id: "a", confirm: true } };
    const refusing = await client({ ...visitor, answer: "no" });
    assertEquals(problemIn(await refusing.callTool(call)).error_code, "declined");
    assertEquals([state.done.length, questions.length], [0, 1]);
    const asking = await client({ ...visitor, answer: "yes" });
    assertEquals(dataOf(await asking.callTool(call)).success, true);
    assertEquals([state.done.length, questions.length], [1, 2]);
    const dry = await asking.callTool({ ...call, arguments: { ...call.arguments, dry_run: true } });
    assertEquals([dataOf(dry).dry_run, questions.length], [true, 2]);
    const plain = await client(visitor);
    assertEquals(dataOf(await plain.callTool(call)).success, true);
    assertEquals([state.done.length, questions.length], [2, 2]);
  },

  "a long call tells how far it is, and stops when it is cancelled": async ({ client, toyWork }, visitor) => {
    const mcp = await client(visitor);
    const seen: string[] = [];
    await mcp.callTool({ name: "toy_slow", arguments: { steps: 4 } }, {
      onprogress: ({ progress, total, message }) => seen.push(`${progress}/${total} ${message}`),
    });
    assertEquals(seen, ["1/4 step 1", "2/4 step 2", "3/4 step 3", "4/4 step 4"]);
    seen.length = 0;
    await mcp.callTool({ name: "discover_devices", arguments: {} }, {
      onprogress: ({ progress, total, message }) => seen.push(`${progress}/${total} ${message}`),
    });
    assertEquals(seen, ["1/2 Toy camera: 0 found", "2/2 Toy camera: 0 found"]);
    const stop = new AbortController();
    const call = mcp.callTool({ name: "toy_slow", arguments: { steps: 1000 } }, { signal: stop.signal });
    await until(() => toyWork.begun === 2, "the second call to begin");
    stop.abort("enough");
    await assertRejects(() => call, Error);
    await until(() => toyWork.aborted === 1, "the work to stop");
  },

  "resources are listed, completed and read": async ({ client, hub }, visitor) => {
    const mcp = await client(visitor);
    const { resources } = await mcp.listResources();
    const uris = resources.map(({ uri }) => uri);
    for (
      const uri of [
        "camera://a/snapshot",
        "camera://plain/status",
        "hub://status",
        "hub://events",
        "hub://docs/mcp",
      ]
    ) {
      assert(uris.includes(uri), `${uri} in ${uris}`);
    }
    const { resourceTemplates } = await mcp.listResourceTemplates();
    assertEquals(resourceTemplates.map(({ uriTemplate }) => uriTemplate).sort(), [
      "camera://{id}/pictures/{picture}",
      "camera://{id}/snapshot",
      "camera://{id}/status",
      "event://{seq}/snapshot",
      "hub://docs/{page}",
    ]);
    for (const uri of uris) assertEquals((await mcp.readResource({ uri })).contents[0]?.uri, uri);
    const [picture] = (await mcp.readResource({ uri: "camera://a/snapshot" })).contents;
    assertEquals([picture?.mimeType, (picture as { blob: string }).blob], ["image/jpeg", PICTURE.toBase64()]);
    const taken = `camera://a/pictures/${hub.pictures.add("a", PICTURE, undefined)}`;
    const [full] = (await mcp.readResource({ uri: taken })).contents;
    assertEquals([full?.uri, (full as { blob: string }).blob], [taken, PICTURE.toBase64()]);
    const gone = await assertRejects(() => mcp.readResource({ uri: "camera://a/pictures/x" }), Error);
    assertMatch(gone.message, /Picture "x" of camera "a" is not there any more/);
    const [status] = (await mcp.readResource({ uri: "camera://a/status" })).contents;
    assertEquals(JSON.parse((status as { text: string }).text).status, "online");
    const refused = await assertRejects(() => mcp.readResource({ uri: "camera://zzz/status" }), Error);
    assertMatch(refused.message, /There is no camera "zzz"/);
    const outside = await assertRejects(() => mcp.readResource({ uri: "hub://docs/..%2FREADME" }), Error);
    assertMatch(outside.message, /There is no page/);
    const complete = async (uri: string, name: string, value: string) =>
      (await mcp.complete({ ref: { type: "ref/resource", uri }, argument: { name, value } })).completion
        .values;
    assertEquals(await complete("camera://{id}/status", "id", "pl"), ["plain"]);
    assertEquals(await complete("hub://docs/{page}", "page", "m"), ["motion", "mcp-tools", "mcp", "metrics"]);
  },

  "prompts are listed, completed and filled in": async ({ client }, visitor) => {
    const mcp = await client(visitor);
    const { prompts } = await mcp.listPrompts();
    assertEquals(prompts.map(({ name }) => name), [
      "secure_the_house",
      "monitor_overnight",
      "investigate_the_door",
      "daily_report",
      "camera_setup",
      "ptz_guide",
      "grafana_setup",
    ]);
    const { messages } = await mcp.getPrompt({ name: "investigate_the_door", arguments: { camera_id: "a" } });
    assertMatch((messages[0]?.content as { text: string }).text, /the camera "a"/);
    for (const { name } of prompts) {
      assertEquals((await mcp.getPrompt({ name, arguments: {} })).messages.length, 1);
    }
    const { completion } = await mcp.complete({
      ref: { type: "ref/prompt", name: "ptz_guide" },
      argument: { name: "camera_id", value: "p" },
    });
    assertEquals(completion.values, ["plain"]);
  },

  "followers are told of what they follow, and of nothing else": async ({ client, changes }, visitor) => {
    const mcp = await client(visitor);
    const told: string[] = [];
    mcp.setNotificationHandler("notifications/resources/updated", ({ params }) => void told.push(params.uri));
    mcp.setNotificationHandler("notifications/resources/list_changed", () => void told.push("list"));
    if (visitor.era === "2025-11-25") await mcp.subscribeResource({ uri: "camera://a/status" });
    else await mcp.listen({ resourceSubscriptions: ["camera://a/status"], resourcesListChanged: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let times = 0; times < 5; times++) changes.resourceUpdated("camera://a/status");
    changes.resourceUpdated("camera://plain/status");
    changes.resourcesChanged();
    await until(() => told.length >= 3, "the news");
    await new Promise((resolve) => setTimeout(resolve, 100));
    assertEquals(told.sort(), ["camera://a/status", "camera://a/status", "list"]);
  },
};

for (const era of Object.keys(ERAS) as Era[]) {
  for (const way of ["stdio", "http"] as Way[]) {
    for (const [name, run] of Object.entries(CASES)) {
      const [, id = "[MCP-FOUR-WAYS]", rest = name] = /^(\[[A-Z-]+\])? ?(.*)$/.exec(name) ?? [];
      Deno.test(`${id} ${era} over ${way}: ${rest}`, async () => {
        await withStage((stage) => run(stage, { era, way }));
      });
    }
  }
}
