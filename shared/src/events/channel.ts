import { z } from "zod";

/** By what way something was said or sold. */
export const channelSchema = z.enum(["till", "web", "app", "desk", "import"]);
export type Channel = z.infer<typeof channelSchema>;
