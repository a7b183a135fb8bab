import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const EVERY_MS = 2_000;

/** The most resident memory that was seen of each part, in megabytes. */
type Most = { orchestrator: number; provider: number; emulator: number };

/** The emulator's is told for the end of the story as well: by then the workers of functions that are not asked are gone. */
export type Memory = Most & { emulatorAtEnd: number };

type Row = { pid: number; parent: number; group: number; megabytes: number; command: string };

/** Watches what the parts of a rehearsal take. `orchestrator` is the process of the promotion that runs. */
export function watchMemory(emulatorPid: number): {
  orchestrator(pid: number): void;
  end(): Promise<Memory>;
} {
  const most: Most = { orchestrator: 0, provider: 0, emulator: 0 };
  let current = 0;
  const look = async () => {
    const rows = await processes().catch(() => []);
    const sum = (wanted: (row: Row) => boolean) =>
      Math.round(rows.filter(wanted).reduce((total, { megabytes }) => total + megabytes, 0));
    const now: Most = {
      orchestrator: sum(({ pid }) => pid === current),
      provider: sum(
        (row) => isBelow(rows, row, current) && /terraform-provider-aws|\/dynamic /.test(row.command),
      ),
      emulator: sum(({ group }) => group === emulatorPid),
    };
    for (const part of Object.keys(most) as (keyof Most)[]) most[part] = Math.max(most[part], now[part]);
    return now;
  };
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return {
    orchestrator(pid) {
      current = pid;
    },
    async end() {
      clearInterval(timer);
      return { ...most, emulatorAtEnd: (await look()).emulator };
    },
  };
}

/** Whether a process was started by another, or by one that it started. */
function isBelow(rows: Row[], row: Row, ancestor: number): boolean {
  for (let at: Row | undefined = row; at; at = rows.find(({ pid }) => pid === at?.parent)) {
    if (at.parent === ancestor) return true;
  }
  return false;
}

async function processes(): Promise<Row[]> {
  const { stdout } = await run("ps", ["-axo", "pid=,ppid=,pgid=,rss=,command="], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, group, kilobytes, command] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (!pid) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        megabytes: Number(kilobytes) / 1024,
        command: command ?? "",
      },
    ];
  });
}
