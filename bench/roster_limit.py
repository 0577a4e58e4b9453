#!/usr/bin/env python3
"""How well rosters can be merged at all: what their fields tell, and what no program can know.

  bench/roster_limit.py DIR        DIR holds licenses.tsv, certifications.tsv and both rosters

Rows that one NPI or one license number joins are a cluster. Clusters of one first name, last name and birthday
that do not contradict each other (NPI, middle name, suffix, degree, two numbers of one state or board) are pairs that
only chance tells apart. They are put into classes by what is known of them, and of each class the truth says how many
are one person's. Merging the classes in the order of their risk gives the fewest missed merges for so many wrong
ones. A pair, here as in roster_score.py, is two records.
"""
import collections
import csv
import itertools
import pathlib
import sys
import unicodedata

ROSTERS = (("licenses.tsv", "roster_licenses.tsv"), ("certifications.tsv", "roster_boards.tsv"))
WRONG_PER_100_000 = (0.5, 1, 2, 5)
Row = collections.namedtuple("Row", "person kind issuer number first middle last suffix degree birth npi former named")


def rows(file):
    with open(file, encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)


def key(name):
    return "".join(letter for letter in unicodedata.normalize("NFKD", name.upper()) if letter.isalpha())


def read(folder):
    for truth, roster in ROSTERS:
        for known, row in zip(rows(folder / truth), rows(folder / roster), strict=True):
            names = [key(row[field]) for field in ("first", "middle", "last")]
            person, rest = known["physician_id"], (row["birth month/day"], row["NPI"])
            if "board state" in row:
                number = (row["board state"], row["license number"])
                former = key(row["former last names"])
                yield Row(person, "license", *number, *names, row["suffix"], row["degree"], *rest, former, None)
            else:
                named = (row["license state"], row["license number"]) if row["license number"] else None
                number = (row["board"], row["diplomate ID"])
                yield Row(person, "certification", *number, *names, row["suffix"], "", *rest, "", named)


def clusters(all_rows):
    """Rows that an NPI or a license number joins."""
    parent = list(range(len(all_rows)))

    def top(place):
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first = {}
    for place, row in enumerate(all_rows):
        license = (row.issuer, row.number) if row.kind == "license" else row.named
        for identifier in (row.npi, license):
            if identifier:
                other = first.setdefault(identifier, place)
                parent[top(other)] = top(place)
    found = collections.defaultdict(list)
    for place, row in enumerate(all_rows):
        found[top(place)].append(row)
    return [Cluster(held) for held in found.values()]


class Cluster:
    def __init__(self, held):
        self.person, self.birth, self.size = held[0].person, held[0].birth, len(held)
        self.names = {(row.first, last) for row in held for last in (row.last, row.former) if last}
        self.middle = max((row.middle for row in held), key=len)
        self.suffix = {row.suffix for row in held}
        self.degree, self.npi = ({value for row in held if (value := getattr(row, field))} for field in ("degree", "npi"))
        self.licenses = sum(row.kind == "license" for row in held)
        self.numbers = {row.issuer: row.number for row in held}

    def contradicts(self, other):
        middles = sorted((self.middle, other.middle), key=len)
        return (
            bool(self.npi and other.npi and self.npi != other.npi)
            or self.suffix != other.suffix
            or bool(self.degree and other.degree and self.degree != other.degree)
            or not (middles[0] == middles[1] or (len(middles[0]) == 1 and middles[1].startswith(middles[0])))
            or any(other.numbers.get(issuer, number) != number for issuer, number in self.numbers.items())
        )


def middle_class(a, b):
    return "none" if not a.middle else "whole" if a.middle == b.middle and len(a.middle) > 1 else "initial"


def class_of(cell, a, b, namesakes):
    """A pair's class, and `cell` is everybody of its names and birthday."""
    beside = [other for other in cell if not (other.contradicts(a) and other.contradicts(b))]
    if any(other.contradicts(a) or other.contradicts(b) for other in beside):
        return ("several people, either could be meant", "", "")
    licenses = sum(other.licenses for other in beside)
    licensed = sum(other.licenses > 0 for other in beside)
    alone = "one license cluster" if licensed <= 1 else f"{min(licenses, 5)} licenses" + (" or more" if licenses > 4 else "")
    common = next((f"<= {limit}" for limit in (2, 5, 10, 30, 100) if namesakes <= limit), "> 100")
    return (alone, middle_class(a, b), common)


def classify(found):
    """How many pairs of records each class has of one person and of strangers; how many pairs no class has."""
    cells, births = collections.defaultdict(list), collections.defaultdict(set)
    for cluster in found:
        for name in cluster.names:
            cells[(name, cluster.birth)].append(cluster)
            births[name].add(cluster.birth)
    counted, seen, contradicting = collections.defaultdict(lambda: [0, 0]), set(), 0
    for (name, _), cell in cells.items():
        for a, b in itertools.combinations(cell, 2):
            if (pair := tuple(sorted((id(a), id(b))))) in seen:
                continue
            seen.add(pair)
            if not a.contradicts(b):
                counted[class_of(cell, a, b, len(births[name]))][a.person != b.person] += a.size * b.size
            elif a.person == b.person:
                contradicting += a.size * b.size
    return counted, contradicting


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    all_rows = list(read(pathlib.Path(sys.argv[1])))
    held = collections.Counter(row.person for row in all_rows)
    total = sum(count * (count - 1) // 2 for count in held.values())
    found = clusters(all_rows)
    joined = sum(cluster.size * (cluster.size - 1) // 2 for cluster in found)
    counted, contradicting = classify(found)
    told = sum(same for same, _ in counted.values())
    strangers = sum(other for _, other in counted.values())
    other_names = total - joined - told - contradicting
    print(f"pairs of records of one person: {total:,}; an identifier joins {joined:,}; names, birthday and chance tell "
          f"{told:,}; other names {other_names:,}; contradicting {contradicting:,}")
    print(f"pairs of strangers that only chance tells apart: {strangers:,} = {100_000 * strangers / total:.1f} per 100,000")
    order = sorted(counted.items(), key=lambda item: (item[1][1] + 0.5) / (item[1][0] + 1))
    print(f"\n{'licenses of name and birthday':<40} {'middle':<8} {'namesakes':<9} {'one person':>10} {'strangers':>9}  "
          f"{'missed so far':>13} {'wrong per 100,000':>17}")
    missed, wrong, limits = told, 0, {}
    for (alone, middle, common), (same, other) in order:
        missed, wrong = missed - same, wrong + other
        rate = 100_000 * wrong / total
        print(f"{alone:<40} {middle:<8} {common:<9} {same:>10,} {other:>9,}  {100 * missed / total:>12.2f}% {rate:>17.2f}")
        for limit in WRONG_PER_100_000:
            if rate <= limit:
                limits[limit] = 100 * missed / total
    print()
    for limit in WRONG_PER_100_000:
        print(f"at {limit} wrong per 100,000 at least {limits.get(limit, 100 * told / total):.2f} % are missed, "
              f"if all of other names are found")


main()
