// numberProblem: which numbers a camera takes, and what is said of the others.
import { assertEquals } from "@std/assert";
import { numberProblem } from "../../../islands/setting_number.tsx";

Deno.test("numberProblem: takes both ends and every step between them", () => {
  for (const value of [-64, 0, 64]) assertEquals(numberProblem({ min: -64, max: 64 }, value), undefined);
  for (const value of [1, 6, 11]) {
    assertEquals(numberProblem({ min: 1, max: 11, step: 5 }, value), undefined);
  }
  assertEquals(numberProblem({ min: 0, max: 1, step: 0.1 }, 0.3), undefined);
  assertEquals(numberProblem({}, 1e9), undefined);
});

Deno.test("numberProblem: says what is possible in place of the others", () => {
  assertEquals(numberProblem({ min: 0, max: 100 }, 999), "Possible: 0 to 100.");
  assertEquals(numberProblem({ min: 0 }, -1), "Possible: 0 or more.");
  assertEquals(numberProblem({ max: 9 }, 10), "Possible: 9 or less.");
  assertEquals(numberProblem({ min: 0, max: 100 }, 5.5), "Possible: 0 to 100, whole numbers only.");
  assertEquals(numberProblem({ min: 1, max: 11, step: 5 }, 4), "Possible: 1 to 11, in steps of 5.");
  assertEquals(numberProblem({ min: 0, max: 100 }, NaN), "This is no number.");
});
