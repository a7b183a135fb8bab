import { createServer } from "node:net";
import { problem } from "./problems.ts";

/** The wanted port of 127.0.0.1 if it can be had (else raises port-taken), or a free one when none is wanted. */
export async function choosePort(wanted?: number): Promise<number> {
  const server = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(wanted ?? 0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
      throw problem("port-taken", { port: wanted ?? 0 }, error);
    throw error;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
