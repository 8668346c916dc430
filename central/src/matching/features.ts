/**
 * What resolution compares of a source record: its values, folded to one form. Missing is empty, never a guess. Plain JSON,
 * so that it can lie beside the record and be read without opening the fragment.
 */
import { z } from "zod";

export const featuresSchema = z.object({
  given: z.array(z.string()),
  family: z.array(z.string()),
  suffix: z.string(),
  /** `YYYY-MM-DD`, or `YYYY` or `YYYY-MM` where no more is known. */
  birth: z.string(),
  gender: z.string(),
  email: z.string(),
  phone: z.string(),
  /** A number that one authority gives to one person: a social security number, a passport. */
  identifier: z.string(),
  number: z.string(),
  road: z.string(),
  /** A second line: building, estate, district. */
  locality: z.string(),
  city: z.string(),
  region: z.string(),
  postcode: z.string(),
  /** Where the person was born, and what they do: seldom known at a till, often in files. */
  birthPlace: z.string(),
  occupation: z.string(),
});
export type Features = z.infer<typeof featuresSchema>;

export const NO_FEATURES: Features = {
  given: [],
  family: [],
  suffix: "",
  birth: "",
  gender: "",
  email: "",
  phone: "",
  identifier: "",
  number: "",
  road: "",
  locality: "",
  city: "",
  region: "",
  postcode: "",
  birthPlace: "",
  occupation: "",
};
