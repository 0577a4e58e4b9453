#!/usr/bin/env python3
"""Requests made from the OpenAPI document, put to a running demo: every answer must be one that the document allows.

  e2e/contract.py --schemathesis PROGRAM --program target/debug/credence [--seed N]

Once with the token of each kind of client. The same seed makes the same requests; another one looks elsewhere. The last line says how many runs found nothing.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(REPOSITORY / "bench"))
from server import Server  # noqa: E402  the folder of measuring scripts knows how to start a demo

CONFIG = REPOSITORY / "crates/web/tests/schemathesis.toml"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schemathesis", required=True, help="the program `st`")
    parser.add_argument("--program", type=pathlib.Path, required=True, help="the binary to start")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def fuzz(given, server, token, work):
    command = [given.schemathesis, "--config-file", CONFIG, "run", f"{server.base}/api/openapi.json",
               "--header", f"Authorization: Bearer {token}", "--seed", given.seed, "--no-color"]
    return subprocess.run(list(map(str, command)), cwd=work).returncode == 0


def main():
    given = arguments()
    # thousands of requests a minute are the very purpose here
    os.environ["CREDENCE_API_REQUESTS_PER_MINUTE"] = "10000000"
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="credence-contract-") as work:
        with Server(given.program.resolve(), pathlib.Path(work) / "demo", "--physicians", "600") as server:
            for kind in ("provider", "certifying_board", "licensing_board"):
                print(f"-- with the token of a {kind.replace('_', ' ')}", flush=True)
                good = fuzz(given, server, server.demo["tokens"][kind], work)
                passed, failed = passed + good, failed + (not good)
    print(f"contract: {passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
