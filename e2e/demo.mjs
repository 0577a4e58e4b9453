// A demo of our own: `credence demo` in a scratch folder on a free port, stopped by its process id.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const READY = "Credence is ready at ";

/** Starts the program and gives `demo.json` with `folder` and `stop`. */
export async function startDemo({ program, database, physicians = 2000 }) {
  const folder = await mkdtemp(join(tmpdir(), "credence-journeys."));
  const options = ["demo", "--data", join(folder, "demo"), "--listen", "127.0.0.1:0", "--physicians", String(physicians)];
  if (database) options.push("--database", database);
  const server = spawn(program, options, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  server.stderr.on("data", (piece) => (log = (log + piece).slice(-20_000)));
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const isReady = new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).on("line", (line) => line.startsWith(READY) && resolve());
    server.once("error", reject);
    ended.then((code) => reject(new Error(`the demo ended (${code}) before it was ready:\n${log}`)));
  });
  await isReady;
  const contract = JSON.parse(await readFile(join(folder, "demo", "demo.json"), "utf8"));

  async function stop() {
    server.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
  return { ...contract, folder: join(folder, "demo"), log: () => log, stop };
}
