// What drivers keep beside cameras: one of each kind, and none shared between two hubs.
import { assert, assertEquals } from "@std/assert";
import { Shared } from "../../../src/devices/shared.ts";

class Counter {
  count = 0;
}
class Other {}

Deno.test("Shared: gives the same object to all who ask for a class, another one in another hub", () => {
  const shared = new Shared();
  shared.get(Counter).count++;
  assertEquals(shared.get(Counter).count, 1);
  assert(shared.get(Other) instanceof Other);
  assertEquals(new Shared().get(Counter).count, 0);
});
