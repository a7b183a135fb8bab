import { buffer } from "node:stream/consumers";
import yazl from "yazl";

// The zip format keeps local time, from 1980 on. Noon of that day is the same local time in every zone.
const ALWAYS = new Date(1980, 0, 1, 12);

/** A zip of these files whose bytes depend on names and contents only: sorted, with fixed times and modes. */
export async function reproducibleZip(files: Record<string, Uint8Array>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const name of Object.keys(files).sort()) {
    zip.addBuffer(Buffer.from(files[name] ?? []), name, {
      mtime: ALWAYS,
      mode: 0o100644,
      // Stored: what zlib makes of a file differs between processors and between versions of Node.
      compressionLevel: 0,
      // The other timestamp is in UTC, and would differ between time zones.
      forceDosTimestamp: true,
    });
  }
  zip.end();
  return buffer(zip.outputStream);
}
