import { type ChildProcess, spawn } from "node:child_process";

// A member that ended but was not yet reaped is still in the group for `kill`, and no longer for us.
const END_OF_GROUP = `cat >/dev/null
alive() {
  kill -s 0 -- "-$0" 2>/dev/null || return 1
  members=$(ps -A -o pgid= -o stat= 2>/dev/null) || return 0
  echo "$members" | awk -v group="$0" '$1 == group && $2 !~ /^Z/ { found = 1 } END { exit !found }'
}
kill -s TERM -- "-$0" 2>/dev/null || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  alive || exit 0
  sleep 0.1
done
kill -s KILL -- "-$0" 2>/dev/null`;

export type Tether = {
  /** Ends the group now; resolves when it is gone. */
  end(): Promise<void>;
  /** Lets the group outlive us. */
  letGo(): void;
};

/**
 * Ties the life of a process group to ours. The child must have been spawned `detached`, which makes it the leader of
 * a group of its own: a terminal's Ctrl-C does not reach it, and what it starts (a Terraform provider, Lambda
 * workers) is in the group too. A small shell holds the other end of a pipe: when we end, however we end, even by
 * SIGKILL, the pipe closes and the shell ends the whole group, politely first, after 2 s by force.
 */
export function tether(child: ChildProcess): Tether {
  if (child.pid === undefined) return { async end() {}, letGo() {} };
  const watcher = spawn("/bin/sh", ["-c", END_OF_GROUP, String(child.pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  const ended = new Promise<void>((resolve) => watcher.once("exit", () => resolve()));
  return {
    async end() {
      watcher.ref();
      watcher.stdin?.end();
      await ended;
    },
    letGo() {
      watcher.kill("SIGKILL");
    },
  };
}
