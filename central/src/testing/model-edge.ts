/** An edge in memory, for what the centre tells it. */
import { isDeviceKey } from "@regulars/shared/identity/key";
import {
  type CustomerId,
  customerIdOf,
  fragmentIdOf,
  type IdentityKey,
} from "@regulars/shared/ids";
import type { Decision } from "@regulars/shared/protocol/publish";
import type { Storage } from "@regulars/shared/storage/port";
import type { ArrivedFragment } from "../intake/source-record.ts";
import { forgetPublications, nextPublications } from "../publish/outbox.ts";

/** Keys that go to one customer because they arrived together: a device's goes with nothing else. */
const tiedBy = (subject: readonly IdentityKey[]): readonly IdentityKey[] => {
  const better = subject.filter((key) => !isDeviceKey(key));
  return better.length > 0 ? better : subject.slice(0, 1);
};

const idOf = ({ source, epoch, key }: ArrivedFragment): string => fragmentIdOf(source, epoch, key);

/**
 * The edge as the protocol describes it: a key that nobody holds goes to the customer it arrived with, a fragment goes where
 * its key is, and what was moved is delivered again.
 */
export function createModelEdge() {
  const customerByKey = new Map<IdentityKey, CustomerId>();
  const fragments = new Map<string, ArrivedFragment>();
  const redirects = new Map<CustomerId, CustomerId>();
  const onTheirWay: ArrivedFragment[] = [];
  const activeIdOf = (id: CustomerId): CustomerId => {
    let active = id;
    for (let next = redirects.get(id); next !== undefined; next = redirects.get(next))
      active = next;
    return active;
  };

  function move(from: CustomerId, to: CustomerId, isMeant: (fragment: ArrivedFragment) => boolean) {
    for (const [id, fragment] of fragments) {
      if (fragment.customer !== from || !isMeant(fragment)) continue;
      const moved = { ...fragment, customer: to };
      fragments.set(id, moved);
      onTheirWay.push(moved);
    }
  }

  function applyDecision(decision: Decision): void {
    switch (decision.kind) {
      case "redirect":
        redirects.delete(decision.to);
        redirects.set(decision.from, decision.to);
        for (const [key, customer] of customerByKey) {
          if (customer === decision.from) customerByKey.set(key, decision.to);
        }
        move(decision.from, decision.to, () => true);
        return;
      case "assign": {
        const { key, from, to, source, epoch } = decision;
        redirects.delete(to);
        if (source === undefined) customerByKey.set(key, to);
        move(activeIdOf(from), to, (fragment) =>
          source === undefined
            ? fragment.key === key
            : fragment.key === key && fragment.source === source && fragment.epoch === epoch,
        );
        return;
      }
      case "golden":
      case "mark":
      case "overrides":
      case "policy":
        return;
    }
  }

  return {
    onTheirWay,
    take(fragment: ArrivedFragment, subject: readonly IdentityKey[]): void {
      const [primary] = subject;
      if (primary === undefined) throw new Error("an event without a subject binds nothing");
      const tied = tiedBy(subject);
      const known = tied.map((key) => customerByKey.get(key)).find((each) => each !== undefined);
      const customer = known ?? activeIdOf(customerIdOf(primary));
      for (const key of tied) if (!customerByKey.has(key)) customerByKey.set(key, customer);
      const id = idOf(fragment);
      const place = fragments.get(id)?.customer ?? customerByKey.get(primary) ?? customer;
      const placed = { ...fragment, customer: place };
      // Deliveries overtake each other; what is here is the newest.
      if ((fragments.get(id)?.clock ?? 0) <= fragment.clock) fragments.set(id, placed);
      onTheirWay.push(placed);
    },
    placeOf: (id: string) => fragments.get(id)?.customer,
    async apply(storage: Storage): Promise<void> {
      const publications = await nextPublications(storage);
      for (const { decision } of publications) applyDecision(decision);
      await forgetPublications(storage, publications.at(-1)?.n ?? 0);
    },
  };
}
