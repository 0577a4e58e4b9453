#!/usr/bin/env python3
"""How well rosters were merged into physicians, against the truth of the generator.

  bench/roster_score.py credence.db DIR [--classes]    DIR holds licenses.tsv and certifications.tsv

A record is one license or one certification, by its number. Two records of one person are a pair that
should be together; two that stand together though no person of the truth has both are wrongly merged.
Numbers that the truth gives to two people count like all others: such a record is together with the
records of both. --classes needs physicians.tsv and the rosters too, and says of whom the missed pairs are.
"""
import collections
import contextlib
import csv
import itertools
import pathlib
import sqlite3
import sys

TABLES = (
    ("licenses.tsv", "license", "state", "number"),
    ("certifications.tsv", "certification", "board", "diplomate_id"),
)


def rows(file):
    with open(file, encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)


def read_truth(folder):
    """Each person's records."""
    people = collections.defaultdict(list)
    for name, table, kind, identifier in TABLES:
        for row in rows(folder / name):
            people[row["physician_id"]].append((table, row[kind], row[identifier]))
    return people


def read_registry(file):
    """Each physician's records, merges followed to their end; and how many rows and pairs wait for a person."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        merged = dict(database.execute("select physician_id, merged_into from physician where merged_into is not null"))
        waiting = dict(database.execute("select source, count(*) from registry_review where settled_at is null group by 1"))
        found = collections.defaultdict(list)
        for _, table, kind, identifier in TABLES:
            for person, a, b in database.execute(f"select physician_id, {kind}, {identifier} from {table}"):
                while person in merged:
                    person = merged[person]
                found[person].append((table, a, b))
    return found, waiting


class Pairs:
    """Pairs of records as one number each."""

    def __init__(self):
        self.places = {}

    def of(self, groups):
        place = self.places
        pairs = set()
        for records in groups:
            numbers = sorted({place.setdefault(record, len(place)) for record in records})
            pairs.update((a << 32) | b for a, b in itertools.combinations(numbers, 2))
        return pairs


def bucket(count, limits=(1, 2, 5, 10, 30, 100)):
    return next((f"<= {limit}" for limit in limits if count <= limit), "more")


def classes(folder, people, missed, pairs):
    """Prints the missed pairs by how common the name is and what the person has besides."""
    names, facts, has_npi, changed = collections.Counter(), {}, {}, set()
    for row in rows(folder / "physicians.tsv"):
        full = (row["first"], row["last"])
        names[full] += 1
        facts[row["physician_id"]] = (full, row["middle"])
    by_line = {}
    for truth, roster in (("licenses.tsv", "roster_licenses.tsv"), ("certifications.tsv", "roster_boards.tsv")):
        table = truth.split("s.tsv")[0]
        for record, row in zip(rows(folder / truth), rows(folder / roster), strict=True):
            person = record["physician_id"]
            number = row.get("license number") if table == "license" else row["diplomate ID"]
            key = (table, row.get("board state") or row.get("board"), number)
            has_npi[(person, key)] = bool(row["NPI"])
            by_line[(person, key)] = row["middle"]
            if (row["first"], row["last"]) != facts[person][0]:
                changed.add((person, key))
    counted = collections.Counter()
    for person, records in people.items():
        for a, b in itertools.combinations(records, 2):
            i, j = sorted((pairs.places[a], pairs.places[b]))
            if (i << 32) | j in missed:
                full, middle = facts[person]
                given = [by_line.get((person, key), "") for key in (a, b)]
                least = "no middle name" if not middle else "initial" if min(map(len, given)) <= 1 else "whole middle name"
                name = "other name" if (person, a) in changed or (person, b) in changed else "same name"
                npis = sum(has_npi.get((person, key), False) for key in (a, b))
                counted[(name, least, f"namesakes {bucket(names[full])}", f"{npis} with NPI")] += 1
    print("missed pairs by class:")
    for key, count in counted.most_common(40):
        print(f"  {count:>8,}  {', '.join(key)}")


def main():
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if len(arguments) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(arguments[1])
    people = read_truth(folder)
    found, waiting = read_registry(arguments[0])
    pairs = Pairs()
    wanted, together = pairs.of(people.values()), pairs.of(found.values())
    records = {record for held in people.values() for record in held}
    present = {record for held in found.values() for record in held}
    doubled = sum(len(held) for held in people.values()) - len(records)
    kept_doubled = sum(len(held) for held in found.values()) - len(present)
    wrong, missed = together - wanted, wanted - together
    holder = collections.defaultdict(set)
    for person, held in people.items():
        for record in held:
            holder[record].add(person)
    mixed = sum(not set.intersection(*(holder[record] for record in held)) for held in found.values())
    absent = {pairs.places[record] for record in records - present}
    gone = sum((pair >> 32) in absent or (pair & 0xFFFFFFFF) in absent for pair in missed)
    print(f"records {len(records):,} of {len(people):,} people; {doubled:,} numbers belong to two people, "
          f"{kept_doubled:,} are held by two physicians")
    print(f"in the registry {len(present):,} records under {len(found):,} physicians; {len(absent):,} records not there; "
          f"waiting: {', '.join(f'{count:,} {source}' for source, count in sorted(waiting.items())) or 'nothing'}")
    print(f"physicians that hold records of several people: {mixed:,}")
    print(f"wrongly merged pairs: {len(wrong):,} of {len(together):,} = "
          f"{100_000 * len(wrong) / max(len(together), 1):.2f} per 100,000 (wanted <= 1)")
    print(f"missed merges: {len(missed):,} of {len(wanted):,} = {100 * len(missed) / max(len(wanted), 1):.3f} % "
          f"(wanted <= 0.5); {len(missed) - gone:,} of them stand apart, {gone:,} have a record that is not there")
    if "--classes" in sys.argv:
        classes(folder, people, missed, pairs)


main()
