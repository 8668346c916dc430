/** What completeness is counted of: fields that an event of a kind could have, whatever policy asks for them. */
import { CLAIM_FIELDS } from "@regulars/shared/events/claim";
import { channelSchema } from "@regulars/shared/events/channel";
import { z } from "zod";

export const CHANNELS = channelSchema.options;

/** Of a sale: whom it was sold to, who sold it, how it was paid. */
const SALE_FIELDS = ["customer", "staff", "payment"] as const;

export const QUALITY_FIELDS = [...CLAIM_FIELDS, ...SALE_FIELDS] as const;
export const qualityFieldSchema = z.enum(QUALITY_FIELDS);
export type QualityField = z.infer<typeof qualityFieldSchema>;

const FIELDS_OF_KIND: Readonly<Record<string, readonly QualityField[]>> = {
  claim: CLAIM_FIELDS,
  sale: SALE_FIELDS,
};

/** A row of which not even the kind can be read could have said anything: it counts against every field. */
export const fieldsOfKind = (kind: string | null): readonly QualityField[] =>
  kind === null ? QUALITY_FIELDS : (FIELDS_OF_KIND[kind] ?? []);

/** Where a row does not say by what way it came, and nothing else of its source does. */
export const UNKNOWN_CHANNEL = "unknown";
