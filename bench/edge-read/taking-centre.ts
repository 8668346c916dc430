/** A centre that takes whatever the edge delivers, and decides nothing. */
import { createServer } from "node:http";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { z } from "zod";

const takenSchema = z.object({ fragments: z.array(z.unknown()) });

export interface TakingCentre {
  readonly url: string;
  close(): void;
}

export async function openTakingCentre(port: number): Promise<TakingCentre> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { fragments } = takenSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const taken = { ...THIS_VERSION, received: fragments.length, golden: [], refused: [] };
      const json = JSON.stringify(taken);
      response.writeHead(200, { [CONTENT_DIGEST]: contentDigestOf(json) }).end(json);
    });
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
