/** What Segment's libraries send, as far as it is read here. More is kept with it, and less is taken as well. */
import { SEGMENT_TYPES, type SegmentType } from "@regulars/shared/connect/segment/split";
import { LIMITS } from "@regulars/shared/limits";
import { z } from "zod";

const text = (description: string) => z.string().optional().describe(description);
const values = (description: string) =>
  z.record(z.string(), z.unknown()).optional().describe(description);

const common = {
  messageId: text("Names the message: the same again has no second effect."),
  userId: text("The account of the user in the shop or app."),
  anonymousId: text("The browser or installation, until somebody is known by it."),
  timestamp: text("When it happened, by the sender's clock."),
  sentAt: text("When it was sent, by the same clock: what that clock is off by is taken out."),
  context: values("Page, device, consent categories and the like."),
};

const own = {
  identify: {
    traits: values(
      "Who the user is: `email`, `phone`, `firstName`, `address` and the like; the rest become traits.",
    ),
  },
  track: {
    event: text("What the user did: `Order Completed`, `Product Added`, or a name of your own."),
    properties: values("The order, cart or product of e-commerce events; for others, anything."),
  },
  page: {
    name: text("Of the page."),
    properties: values("`url`, `path`, `referrer` and the like."),
  },
  screen: { name: text("Of the screen."), properties: values("What else is known of it.") },
  group: { groupId: text("The group."), traits: values("Of the group.") },
  alias: { previousId: text("Who the user was before.") },
} as const satisfies Record<SegmentType, object>;

const key = { writeKey: text("The API key, where no header carries it.") };

const form = (type: SegmentType) => z.looseObject({ ...common, ...own[type], ...key });

export const segmentForms: Readonly<Record<SegmentType, z.ZodType>> = {
  identify: form("identify"),
  track: form("track"),
  page: form("page"),
  screen: form("screen"),
  group: form("group"),
  alias: form("alias"),
};

const messages = SEGMENT_TYPES.map((type) =>
  z.looseObject({ type: z.literal(type), ...common, ...own[type] }),
);

export const segmentBatchForm = z.looseObject({
  batch: z.array(z.union(messages)).max(LIMITS.segmentBatchEvents),
  sentAt: common.sentAt,
  context: values("Said once for all messages that have none of their own."),
  ...key,
});
