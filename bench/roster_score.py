#!/usr/bin/env python3
"""How well rosters were merged into physicians, against the truth of the generator.

  bench/roster_score.py credence.db DIR        DIR holds licenses.tsv and certifications.tsv

A record is one license or one certification. Two records of one physician of the truth are a pair that
should be together; two records that stand together though the truth says otherwise are wrongly merged.
Identifiers that the truth gives to two people (generators may do that) say nothing and are left out.
"""
import collections
import contextlib
import csv
import pathlib
import sqlite3
import sys


def pairs(sizes):
    return sum(size * (size - 1) // 2 for size in sizes)


def read_truth(folder):
    """Who holds each record; and the records that two people hold."""
    holder, doubled = {}, set()
    for name, kind, identifier in (("licenses.tsv", "state", "number"), ("certifications.tsv", "board", "diplomate_id")):
        with open(folder / name, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                record = (name, row[kind], row[identifier])
                if holder.setdefault(record, row["physician_id"]) != row["physician_id"]:
                    doubled.add(record)
    return {record: person for record, person in holder.items() if record not in doubled}, doubled


def read_registry(file):
    """Under whom each record stands, merges followed to their end; and how many rows wait for a person."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        merged = dict(database.execute("select physician_id, merged_into from physician where merged_into is not null"))
        waiting = database.execute("select count(*) from registry_review where settled_at is null").fetchone()[0]
        found = {}
        for name, table, kind, identifier in (
            ("licenses.tsv", "license", "state", "number"),
            ("certifications.tsv", "certification", "board", "diplomate_id"),
        ):
            for person, a, b in database.execute(f"select physician_id, {kind}, {identifier} from {table}"):
                while person in merged:
                    person = merged[person]
                found[(name, a, b)] = person
    return found, waiting


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    truth, doubled = read_truth(pathlib.Path(sys.argv[2]))
    found, waiting = read_registry(pathlib.Path(sys.argv[1]))
    people, clusters, parts = collections.Counter(), collections.Counter(), collections.Counter()
    absent = 0
    for record, person in truth.items():
        people[person] += 1
        physician = found.get(record)
        if physician is None:
            absent += 1
        else:
            clusters[physician] += 1
            parts[(person, physician)] += 1
    wanted, together, right = pairs(people.values()), pairs(clusters.values()), pairs(parts.values())
    present = collections.Counter()
    for (person, _), size in parts.items():
        present[person] += size
    apart = pairs(present.values()) - right
    wrong, missed = together - right, wanted - right
    pure = collections.Counter(physician for _, physician in parts)
    print(f"records {len(truth):,} of {len(people):,} people; {len(doubled):,} identifiers of two people left out")
    print(f"in the registry {len(truth) - absent:,} under {len(clusters):,} physicians; {absent:,} not there, "
          f"{waiting:,} rows wait for a person")
    print(f"physicians that hold records of several people: {sum(count > 1 for count in pure.values()):,}")
    print(f"wrongly merged pairs: {wrong:,} of {together:,} = {100_000 * wrong / max(together, 1):.2f} per 100,000 "
          "(wanted <= 1)")
    print(f"missed merges: {missed:,} of {wanted:,} = {100 * missed / max(wanted, 1):.3f} % (wanted <= 0.5); "
          f"{apart:,} of them stand apart, {missed - apart:,} have a record that is not there")


main()
