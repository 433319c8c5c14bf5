// Which rule, region or channel an observation comes from, and which channels are another camera's.
import { assert, assertEquals } from "@std/assert";
import type { OnvifProfile } from "../../../../src/protocols/onvif/media.ts";
import type { OnvifObservation } from "../../../../src/protocols/onvif/observation.ts";
import { isFromOther, otherSources, sourceKey } from "../../../../src/protocols/onvif/observation_source.ts";

const observed = (
  source: Record<string, string>,
  change: Partial<OnvifObservation> = {},
): OnvifObservation => ({
  topic: "VideoSource/MotionAlarm",
  source,
  data: { State: "true" },
  operation: "Changed",
  ...change,
});
const profile = (videoSourceToken?: string, videoSourceConfigurationToken?: string): OnvifProfile => ({
  token: "p",
  name: "p",
  hasPtz: false,
  ...(videoSourceToken === undefined ? {} : { videoSourceToken }),
  ...(videoSourceConfigurationToken === undefined ? {} : { videoSourceConfigurationToken }),
});

Deno.test("sourceKey: the same for beginning and end, whatever the order; another for another rule or topic", () => {
  const key = sourceKey(observed({ Source: "1", Rule: "door" }));
  assertEquals(sourceKey(observed({ Rule: "door", Source: "1" }, { data: { State: "false" } })), key);
  assertEquals(sourceKey(observed({ Source: "1", Rule: "door", ObjectId: "77" })), key);
  for (
    const other of [
      observed({ Source: "1", Rule: "gate" }),
      observed({ Source: "2", Rule: "door" }),
      observed({ Source: "1", Rule: "door" }, { topic: "Other/Topic" }),
    ]
  ) assert(sourceKey(other) !== key, sourceKey(other));
  assert(sourceKey(observed({ Rule: "x".repeat(100_000) })).length <= 500);
});

Deno.test("isFromOther: what names another channel of the camera, by its source or its configuration", () => {
  const [own, small, other] = [profile("v1", "c1"), profile("v1", "c3"), profile("v2", "c2")];
  const others = otherSources([own, small, other], own);
  const cases: [Record<string, string>, boolean][] = [
    [{ Source: "v2" }, true],
    [{ VideoSourceToken: "v2" }, true],
    [{ VideoSourceConfigurationToken: "c2", Rule: "r" }, true],
    [{ Source: "v1" }, false],
    [{ VideoSourceConfigurationToken: "c1" }, false],
    [{ VideoSourceConfigurationToken: "c3" }, false],
    [{ VideoSourceConfigurationToken: "what the camera calls it in events" }, false],
    // Tokens of one kind say nothing of the other.
    [{ Source: "c2", VideoSourceConfigurationToken: "v2" }, false],
    [{}, false],
  ];
  for (const [source, expected] of cases) {
    assertEquals([source, isFromOther(observed(source), others)], [source, expected]);
  }
  assertEquals(isFromOther(observed({ Source: "v2" }), undefined), false);
});

Deno.test("otherSources: none where the own source is not known, or two channels share a configuration", () => {
  const none = otherSources([profile(), profile("v2", "c2")], profile());
  assertEquals([none.sources.size, none.configurations.size], [0, 0]);
  const shared = otherSources([profile("v1", "c"), profile("v2", "c")], profile("v1", "c"));
  assertEquals([[...shared.sources], [...shared.configurations]], [["v2"], []]);
});
