import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readRecord } from "../../../rehearsal/record.ts";

const GOOD = {
  endpoint: "http://127.0.0.1:4566",
  emulatorPid: process.pid,
  newsPid: process.pid,
  newsUrl: "http://127.0.0.1:4567",
  startedAt: "2030-01-01T00:00:00.000Z",
  environments: {
    trial: { credentials: { accessKeyId: "a", secretAccessKey: "s" }, promotion: {}, configuration: {} },
  },
};
const but = (changes: object) => JSON.stringify({ ...GOOD, ...changes });

/** A record that cannot be read is none: the remedy, `npm run local -- up`, writes a new one. */
const CASES: [what: string, text: string | Buffer][] = [
  ["is empty", ""],
  ["is no JSON", "record"],
  ["was cut off", but({}).slice(0, 50)],
  ["is no text", Buffer.from([0, 255, 254])],
  ["is null", "null"],
  ["is a list", "[]"],
  ...Object.keys(GOOD).map((name): [string, string] => [`lacks ${name}`, but({ [name]: undefined })]),
  ["has a word for its endpoint", but({ endpoint: "here" })],
  ["has another kind of endpoint", but({ endpoint: "file:///etc/passwd" })],
  ["has a word for its process", but({ emulatorPid: "one" })],
  ["has half a process", but({ emulatorPid: 1.5 })],
  ["names its own group of processes", but({ emulatorPid: 0 })],
  ["names all processes there are", but({ emulatorPid: -1 })],
  ["names a process that is gone", but({ emulatorPid: 2 ** 22 + 1 })],
  ["has a list of environments", but({ environments: [] })],
  [
    "has an environment without credentials",
    but({ environments: { trial: { promotion: {}, configuration: {} } } }),
  ],
];

describe("bad input: the record of a rehearsal environment", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "record-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = (text: string | Buffer) => writeFileSync(join(directory, "record.json"), text);

  it("is well before it is made bad", async () => {
    write(but({}));
    expect(await readRecord(directory)).to.deep.equal(GOOD);
  });

  for (const [what, text] of CASES)
    it(what, async () => {
      write(text);
      expect(await readRecord(directory)).to.equal(undefined);
    });

  it("is a folder", async () => {
    mkdirSync(join(directory, "record.json"));
    expect(await readRecord(directory)).to.equal(undefined);
  });

  it("is missing", async () => {
    expect(await readRecord(directory)).to.equal(undefined);
    expect(await readRecord(join(directory, "nowhere"))).to.equal(undefined);
  });
});
