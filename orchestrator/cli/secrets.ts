import { knownSecrets, knowVariables } from "../secrets.ts";

/** The secrets of this process. Adapters add what they fetch. */
export const secrets = knownSecrets();
knowVariables(secrets, process.env);

/** All that this process prints loses its secrets here, whoever prints it: results, progress, errors, stack traces. */
export function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
    stream.write = (chunk: unknown, ...rest: unknown[]) =>
      write(typeof chunk === "string" ? secrets.redact(chunk) : chunk, ...rest);
  }
}
