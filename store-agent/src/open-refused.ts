/** Why an agent does not open. The message is one sentence for whoever started it. */
export type OpenRefusal =
  | "invalid_setting"
  | "folder_unusable"
  | "already_running"
  | "damaged"
  | "wrong_key"
  | "other_source";

export class OpenRefused extends Error {
  readonly reason: OpenRefusal;

  constructor(reason: OpenRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "OpenRefused";
    this.reason = reason;
  }
}
