/** The shortest plan that still fails: steps are left out, halves first, until each that is left is needed. */
import type { Plan } from "./plan.ts";
import type { Violation } from "./run.ts";

/** Must break what the whole plan broke first; another fault that shows up on the way is another story. */
export async function shorten(
  plan: Plan,
  run: (plan: Plan) => Promise<readonly Violation[]>,
): Promise<Plan> {
  const [first] = await run(plan);
  if (!first) return plan;
  const stillFails = async (steps: Plan["steps"]): Promise<boolean> =>
    (await run({ ...plan, steps })).some(({ invariant }) => invariant === first.invariant);
  let { steps } = plan;
  let size = Math.ceil(steps.length / 2);
  while (size >= 1 && steps.length > 0) {
    const before = steps.length;
    for (let at = 0; at < steps.length;) {
      const fewer = steps.toSpliced(at, size);
      if (await stillFails(fewer)) steps = fewer;
      else at += size;
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (steps.length === before) break;
  }
  return { ...plan, steps };
}
