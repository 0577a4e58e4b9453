#!/usr/bin/env python3
"""Score the reasons of refusals.  reason_score.py truth.tsv predictions.tsv

predictions.tsv: header, then row, physician_id or empty, outcome, reasons (codes with spaces between).
Counted are registered rows with exactly one error class that were not linked. A refusal is well explained if one of
its codes names the field that the error class made wrong, and says that it is wrong or weak: `license_equal` does not
explain a license. Where an error class makes nothing wrong for a tolerant reader (a license in another form, a
degree behind the last name) the refusal has another cause; such classes are printed, and left out of the share.
"""
import collections
import csv
import sys

FIRST = "nickname first_name_initial first_name_middle first_name_typo first_name_alike first_name_differs names_swapped first_name_ambiguous"
LAST = "last_name_former last_name_part last_name_typo last_name_alike last_name_differs names_swapped suffix_differs"
BIRTH = "birth_swapped birth_day_differs birth_month_differs birth_differs birth_unknown"
LICENSE = "license_typo license_other_state license_unknown license_of_other_person license_form"
EXPLAINS = {
    "nickname": FIRST, "initial": FIRST, "middle_as_first": FIRST, "typo_first": FIRST,
    "typo_last": LAST, "former_name": LAST, "half_hyphen": LAST, "suffix_in_last": LAST,
    "swapped": "names_swapped " + FIRST + " " + LAST,
    "wrong_day": BIRTH, "wrong_month": BIRTH, "month_day_swapped": BIRTH, "copied_down_birth": BIRTH,
    "license_format": LICENSE, "license_typo": LICENSE, "license_transposed": LICENSE,
    # whose license it is decides; its state came along with it
    "license_of_other": LICENSE + " state_differs",
    "wrong_state": "state_differs license_other_state",
    "npi_typo": "npi_typo npi_unknown npi_of_other_person npi_check_digit",
    "board_id_typo": "board_id_typo board_id_unknown board_id_of_other_person",
}
HARMLESS = {"license_format", "suffix_in_last"}


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def main():
    truth = {row[0]: row for row in rows(sys.argv[1])}
    good, bad, other, examples = collections.Counter(), collections.Counter(), collections.Counter(), {}
    for number, physician, outcome, *rest in rows(sys.argv[2]):
        _, known, scenario, errors = truth[number]
        if known == "NONE" or outcome == "matched":
            continue
        wanted = EXPLAINS.get(errors)
        if wanted is None:
            other["clean" if not errors else "several classes" if "," in errors else errors] += 1
            continue
        codes = rest[0].split() if rest else []
        if any(code in wanted.split() for code in codes):
            good[errors] += 1
        else:
            bad[errors] += 1
            examples.setdefault(errors, f"row {number}, {scenario}: {outcome} {' '.join(codes)}")
    print(f"{'error class':20s} refused  explained")
    for kind in sorted(good | bad, key=lambda kind: -good[kind] - bad[kind]):
        note = "  (harmless, left out)" if kind in HARMLESS else ""
        print(f"  {kind:18s} {good[kind] + bad[kind]:7d}  {good[kind]:7d}{note}  {examples.get(kind, '')}")
    counted = [kind for kind in good | bad if kind not in HARMLESS]
    right, all_of = sum(good[kind] for kind in counted), sum(good[kind] + bad[kind] for kind in counted)
    everything = sum(good.values()) + sum(bad.values())
    print(f"not judged: {', '.join(f'{count} {kind}' for kind, count in other.most_common())}")
    print(f"reasons name the wrong field in {right} of {all_of} refusals = {right / max(all_of, 1):.4f}"
          f" (with harmless classes {sum(good.values()) / max(everything, 1):.4f})")


main()
