/** @jsxImportSource hono/jsx */
import { CHANNELS, QUALITY_FIELDS } from "../../quality/fields.ts";
import type { QualityPolicy } from "../../quality/policy.ts";
import { qualityFieldWords, wayWords } from "../quality/words.ts";
import { NumberField } from "./matching-form.tsx";

const percent = (share: number): number => Number((share * 100).toFixed(4));

export function QualityFields({ policy: { required, thresholds } }: { policy: QualityPolicy }) {
  return (
    <>
      <fieldset class="single">
        <legend>Required fields</legend>
        <p class="quiet">
          The least share, in percent of what a channel has sent in the last seven days. Empty: not
          asked for.
        </p>
        <div class="scroll">
          <table class="matrix">
            <thead>
              <tr>
                <th scope="col">Field</th>
                {CHANNELS.map((channel) => (
                  <th scope="col" class="number">
                    {wayWords(channel)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {QUALITY_FIELDS.map((field) => (
                <tr>
                  <th scope="row">{qualityFieldWords(field)}</th>
                  {CHANNELS.map((channel) => {
                    const share = required[channel]?.[field];
                    return (
                      <td class="number" data-label={wayWords(channel)}>
                        <input
                          type="number"
                          name={`${channel}.${field}`}
                          aria-label={`${wayWords(channel)}, ${qualityFieldWords(field)}, percent`}
                          value={share === undefined ? "" : percent(share)}
                          min={0}
                          max={100}
                          step="0.1"
                          inputmode="decimal"
                        />
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </fieldset>
      <fieldset class="single">
        <legend>Thresholds</legend>
        <NumberField
          name="accepted"
          label="Of use in a day, at least (%)"
          value={percent(thresholds.accepted)}
          min={0}
          max={100}
          step="0.01"
        />
        <NumberField
          name="drift"
          label="Drift from (usual spreads)"
          value={thresholds.drift}
          min={3}
          max={50}
          step="0.1"
        />
        <NumberField
          name="potentialPer1000"
          label="Potential matches per 1,000 customers, at most"
          value={thresholds.potentialPer1000}
          min={0}
          max={1_000_000}
          step="0.1"
        />
        <NumberField
          name="mergesPerDay"
          label="Customers joined a day, at most"
          value={thresholds.mergesPerDay}
          min={0}
          max={1_000_000_000}
        />
        <NumberField
          name="receiptsTwicePerDay"
          label="Receipts found twice a day, at most"
          value={thresholds.receiptsTwicePerDay}
          min={0}
          max={1_000_000_000}
        />
      </fieldset>
    </>
  );
}
