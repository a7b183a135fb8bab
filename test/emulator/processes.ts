import { readdir, readFile, readlink } from "node:fs/promises";

/** The processes still running in a group, as /proc tells; one that ended and was not yet reaped (Z, X) is not. */
export async function groupOf(group: number): Promise<string[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const groups = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      const [state = "", , of] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return of === String(group) && !/[ZX]/.test(state) ? pid : "";
    }),
  );
  return groups.filter(Boolean);
}

/** What a process listens on, as `127.0.0.1:80`; rejects where there is no /proc. */
export async function listenersOf(pid: number): Promise<string[]> {
  const handles = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(handles.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
  const inodes = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8")));
  return tables
    .flatMap((table) =>
      table
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.trim().split(/\s+/)),
    )
    .filter((row) => row[3] === "0A" && inodes.has(row[9]))
    .map((row) => {
      const [host = "", port = ""] = (row[1] ?? "").split(":");
      const bytes = Buffer.from(host, "hex").reverse();
      return `${[...bytes].join(".")}:${Number.parseInt(port, 16)}`;
    });
}
