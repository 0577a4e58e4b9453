#!/usr/bin/env python3
"""Reports the learners of a list that an LMS has exported, and writes down what became of each.

  CREDENCE_TOKEN=crs_... ./report_learners.py --base http://127.0.0.1:8080/api/pars/v1 completions.csv

The list has the columns number, first, last, birth (MM/DD), state, license, npi, board, diplomate_id, activity,
completed (YYYY-MM-DD; yesterday if empty), cme, credit_type, points; what does not apply is empty. `number` is your own number of the
completion. Beside the list a file *.results.csv says what became of each line. Run it again after correcting lines,
or after it was broken off: what is on record already stays as it is.
"""
import argparse
import csv
import datetime
import os
import pathlib
import sys
import time
import uuid

import credence

RESULTS = ("number", "result", "credit_id", "codes", "what_to_do", "board_says")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", type=pathlib.Path)
    parser.add_argument("--base", required=True, help="such as https://credence.example.org/api/pars/v1")
    parser.add_argument("--check", action="store_true", help="only ask whether the learners can be found")
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait for boards' answers so long")
    return parser.parse_args()


def learner(line):
    ids = [(line["state"], line["license"]), ("NPI", line["npi"]), (line["board"], line["diplomate_id"])]
    return credence.learner(line["first"], line["last"], line["birth"], [(d, v) for d, v in ids if d and v])


def report(line):
    moc = [(line["board"], line["credit_type"], float(line["points"]))] if line["points"] else []
    cme = float(line["cme"]) if line["cme"] else None
    credit_id = f"ccid:example-lms:{line['number']}"
    completed = line["completed"] or str(datetime.date.today() - datetime.timedelta(days=1))
    return credence.completion(learner(line), line["activity"], completed, credit_id, cme, moc)


def check(client, lines):
    for line, answer in zip(lines, client.match(learner(line) for line in lines)):
        print(f"{line['number']}: {answer['outcome']}. {answer['message']} {answer['remedy']}".rstrip())


def told(line, answer):
    problems = [one for one in answer.get("problem", []) if one["kind"] == "problem"]
    return {
        "number": line["number"],
        "result": answer["result"],
        "credit_id": answer.get("creditId", ""),
        "codes": " ".join(dict.fromkeys(one["code"] for one in problems)),
        "what_to_do": " ".join(dict.fromkeys(one["remedy"] for one in problems)),
        "board_says": "",
    }


def boards_say(client, rows, patience):
    """Asks until no board's answer is awaited any more, or patience ends."""
    until = time.monotonic() + patience
    waiting = [row for row in rows if row["credit_id"]]
    while waiting:
        for row in waiting:
            said = [one["destination"] for one in client.status(row["credit_id"])]
            row["board_says"] = "; ".join(f"{one['name']} {one['status']} {one.get('reason', '')}".strip() for one in said)
        waiting = [row for row in waiting if "Pending" in row["board_says"]]
        if not waiting or time.monotonic() >= until:
            return
        time.sleep(0.5)


def main():
    given = arguments()
    token = os.environ.get("CREDENCE_TOKEN") or sys.exit("Put your token into CREDENCE_TOKEN.")
    client = credence.Client(given.base, token)
    with open(given.list, encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    if given.check:
        return check(client, lines)
    # the same list has the same key, so that a run after a crash hears the answers of the first
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, given.list.read_bytes().hex()))
    try:
        answers = client.submit((report(line) for line in lines), key)
    except credence.Refused as refused:
        sys.exit(f"Nothing was reported. {refused}")
    except credence.NoAnswer as why:
        sys.exit(f"No answer. Run this again: nothing will be done twice. ({why})")
    rows = [told(line, answer) for line, answer in zip(lines, answers)]
    boards_say(client, rows, given.wait)
    with open(given.list.with_suffix(".results.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, RESULTS)
        writer.writeheader()
        writer.writerows(rows)
    counts = {result: sum(row["result"] == result for row in rows) for result in dict.fromkeys(r["result"] for r in rows)}
    print(", ".join(f"{count} {result}" for result, count in counts.items()) or "The list is empty.")
    sys.exit(1 if "refused" in counts else 0)


main()
