#!/usr/bin/env python3
"""Exports models as SQL and C, scores the same customers with SQLite, DuckDB and the compiled C, and compares every
score, tier and missing count with `stratum score`, text by text.

Usage: export.py [--rows 1000000] [--plans 4] [--decimals 3] [--seed 1] [--skip sqlite,duckdb,c] [--stratum PATH]

Each plan has twelve indicators, drawn without repetition from all combinations of transform, normalization, missing
policy and direction; 28 plans have them all. Five more are of derived columns (divisions by zero, logarithms of what is
not positive, one derived from another) and of words (grades with a number among them, yes and no). Plans take turns with
arithmetic and geometric means and TOPSIS, and every other one cuts the customers of each region by themselves. Models
are fitted to one population and score another, which has missing values and some below 0. Exit status 1: a text
differs that is no tie.
"""

import argparse
import itertools
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

import numpy

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COLUMNS = [f"v{number}" for number in range(12)]
TEXTS = {
    "grade": ["Gold", "gold", "silver", "BRONZE", "\u94dc", "3", " 3.0", "n/a", ""],
    "member": ["yes", "No", "TRUE", "0", "1", "\u662f", ""],
    "region": ["north", "s\u00fcd", "\u897f", "O'Hare", ""],
}
TEXT_BYTES = 16
NUMBER_COUNT = 6
DERIVED = {
    "ratio": "v0 / v1",
    "least": "min(v2, v4, abs(v6)) - 0.3 * v8",
    "logs": "log(v0) * max(v1, 2) + -v5 / 7",
    "delivered": {"benefits": {"v3": 0.6, "v7": 0.4}, "costs": {"v11": 0.3, "v9": 0.1}},
    "later": "ratio / (logs - least) + grade",
}
SCALE = {1: 0, 2: 0.3, 3: 0.45, 4: 0.8, 5: 1}

DRIVER = r"""
#define STRATUM_DECLARATIONS_ONLY
#include "score.c"
#include <stdio.h>
int main(void) {
    double values[STRATUM_VALUE_COUNT];
    char text[16];
    struct stratum_result result;
    for (;;) {
        for (int i = 0; i < STRATUM_VALUE_COUNT; i++) {
            if (!stratum_value_is_text[i]) {
                if (fread(&values[i], sizeof values[i], 1, stdin) != 1) return 0;
            } else {
                if (fread(text, sizeof text, 1, stdin) != 1) return 0;
                if (stratum_text(i, text, &values[i]) != 0) return 1;
            }
        }
        if (stratum_score(values, &result) != 0) return 1;
        double row[STRATUM_DIMENSION_COUNT + 3];
        for (int i = 0; i < STRATUM_DIMENSION_COUNT; i++) row[i] = result.dimensions[i];
        row[STRATUM_DIMENSION_COUNT] = result.score;
        row[STRATUM_DIMENSION_COUNT + 1] = result.tier;
        row[STRATUM_DIMENSION_COUNT + 2] = result.missing;
        fwrite(row, sizeof row, 1, stdout);
    }
}
"""


def population(rows, seed, negative_share):
    """Twelve columns of numbers of different shapes, with missing values, and the columns of texts."""
    generator = numpy.random.default_rng(seed)
    columns = []
    for number in range(12):
        kind = number % 4
        if kind == 0:
            values = generator.lognormal(5, 1.2, rows).round(2)
        elif kind == 1:
            values = generator.poisson(4, rows).astype(float)
        elif kind == 2:
            values = generator.gamma(2, 30, rows).round(4)
        else:
            values = generator.integers(1, 6, rows).astype(float)
        if kind != 3:
            values = numpy.where(generator.random(rows) < negative_share, -values, values)
        values[generator.random(rows) < (0.02 + 0.01 * number)] = numpy.nan
        columns.append(values)
    # Some customers have nothing at all.
    empty = generator.random(rows) < 0.001
    texts = [[words[place] for place in generator.integers(0, len(words), rows)] for words in TEXTS.values()]
    return [numpy.where(empty, numpy.nan, values) for values in columns], texts


def write(path, columns, texts):
    """An export of customers with the columns."""
    cells = [["" if value != value else repr(value) for value in values.tolist()] for values in columns]
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(["customer_id", *COLUMNS, *TEXTS]) + "\n")
        for row, fields in enumerate(zip(*cells, *texts)):
            file.write(f"K{row}," + ",".join(fields) + "\n")


def combinations():
    """Every treatment of an indicator, as its keys in a plan."""
    missing = ["renormalize", "median", "worst", {"constant": 0.37}]
    transforms = ["none", "log1p", "sqrt", "signedLog1p", "signedSqrt"]
    ranges = [
        "minMax",
        {"kind": "quantileRange", "low": 0.01, "high": 0.99},
        "zScore",
        "robustZ",
        {"kind": "fixedRange", "low": 1, "high": 90},
        {"kind": "fixedRange", "low": 1, "high": 90, "benchmark": 7.5},
    ]
    for policy, direction in itertools.product(missing, ["higher", "lower"]):
        for transform, normalization in itertools.product(transforms, ranges):
            yield {"transform": transform, "normalization": normalization, "missing": policy, "direction": direction}
        yield {"normalization": "percentileRank", "missing": policy, "direction": direction}
        yield {"normalization": {"kind": "grades", "scores": SCALE}, "missing": policy, "direction": direction}
    for policy, target in itertools.product(missing, [3, 60.5]):
        yield {"missing": policy, "direction": {"target": target, "zeroAt": 5 * target}}


def plans(count, decimals, seed):
    """Plans that together have every combination once, as far as `count` goes."""
    chooser = random.Random(seed)
    pool = list(combinations())
    chooser.shuffle(pool)
    for number in range(count):
        treatments = [pool[(12 * number + place) % len(pool)] for place in range(12)]
        graded = [3, 7, 11]
        indicators = []
        for place, treatment in enumerate(treatments):
            is_graded = isinstance(treatment.get("normalization"), dict) and "scores" in treatment["normalization"]
            # Grades need a column of grades, with gaps for the median to be one.
            column = chooser.choice(graded) if is_graded else place
            weight = chooser.choice([1, 0.3, 0.25, 2, 0.7])
            indicators.append({"name": f"i{place}", "column": COLUMNS[column], "weight": weight, **treatment})
        dimensions = [
            {"name": f"dim{d}", "weight": 1 + d, "indicators": indicators[3 * d : 3 * d + 3]} for d in range(4)
        ]
        grades = {"kind": "grades", "scores": {"gold": 1, "silver": 0.55, "bronze": 0.1, "\u94dc": 0.2, "3": 0.7}}
        policies = ["renormalize", "median", "worst", {"constant": 0.37}]
        others = [
            {"name": "logs", "transform": "signedLog1p", "missing": policies[number % 4]},
            {"name": "delivered", "weight": 0.3, "normalization": "zScore", "direction": "lower"},
            {"name": "later", "weight": 0.7, "transform": "signedSqrt", "normalization": "robustZ"},
            {"name": "grade", "normalization": grades, "direction": ["higher", "lower"][number // 2 % 2]},
            {"name": "member", "weight": 0.25, "normalization": "yesNo", "missing": policies[(number + 1) % 4]},
        ]
        groups = {"perGroup": "region"} if number % 2 == 1 else {}
        yield {
            "version": 1,
            "input": {"nullWords": ["n/a"]},
            "derived": DERIVED,
            "dimensions": dimensions + [{"name": "others", "weight": 2, "indicators": others}],
            "aggregation": ["arithmetic", "geometric", "topsis"][number % 3],
            "tiers": {
                "tiers": [
                    {"name": "top", "share": 0.01}, {"name": "ma'jor", "share": 0.04},
                    {"name": "medium", "share": 0.15}, {"name": "small", "share": 0.8},
                ],
                "negative": {"name": "dear", "column": "least", "below": -60},
                **groups,
            },
            "output": {"columns": ["dimensions", "score", "tier", "missingCount"], "decimals": decimals},
        }


def run(*command):
    subprocess.run([str(part) for part in command], check=True)


def by_c(folder, model, stratum, columns, texts):
    run(stratum, "export", model, "--format", "c", "-o", folder / "score.c", "--force", "-q")
    (folder / "driver.c").write_text(DRIVER)
    strict = ["-std=c11", "-O2", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"]
    run("cc", *strict, folder / "score.c", folder / "driver.c", "-o", folder / "driver", "-lm")
    source = (folder / "score.c").read_text()
    between = source.split("stratum_value_names[STRATUM_VALUE_COUNT] = {\n")[1].split("};")[0]
    names = [line.strip().strip('",') for line in between.strip().splitlines()]
    table = source.split("stratum_tier_names[STRATUM_TIER_COUNT] = {\n")[1].split("};")[0]
    tiers = [line.strip().rstrip(",")[1:-1] for line in table.strip().splitlines()]
    kinds = [(name, f"S{TEXT_BYTES}" if name in TEXTS else "f8") for name in names]
    values = numpy.zeros(len(columns[0]), dtype=kinds)
    for name in names:
        if name in TEXTS:
            values[name] = [text.encode() for text in texts[list(TEXTS).index(name)]]
        else:
            values[name] = columns[COLUMNS.index(name)]
    values = values.tobytes()
    start = time.perf_counter()
    output = subprocess.run([folder / "driver"], input=values, stdout=subprocess.PIPE, check=True).stdout
    seconds = time.perf_counter() - start
    rows = numpy.frombuffer(output).reshape(len(columns[0]), NUMBER_COUNT + 2)
    names = numpy.array([*tiers, ""], dtype=object)[rows[:, NUMBER_COUNT].astype(int)]
    return rows[:, :NUMBER_COUNT], names, rows[:, NUMBER_COUNT + 1].astype(int), seconds


def sql_rows(rows, count):
    numbers = numpy.full((count, NUMBER_COUNT), numpy.nan)
    tiers, missing = numpy.empty(count, dtype=object), numpy.zeros(count, dtype=int)
    for row in rows:
        place = int(row[0][1:])
        numbers[place] = [numpy.nan if value is None else value for value in row[1 : NUMBER_COUNT + 1]]
        tiers[place], missing[place] = row[NUMBER_COUNT + 1] or "", row[NUMBER_COUNT + 2]
    return numbers, tiers, missing


def by_sqlite(query, columns, texts):
    connection = sqlite3.connect(":memory:")
    fields = ", ".join([f"{name} REAL" for name in COLUMNS] + [f"{name} TEXT" for name in TEXTS])
    connection.execute(f"CREATE TABLE customers (customer_id TEXT, {fields})")
    cells = [[None if value != value else value for value in values.tolist()] for values in columns]
    rows = ((f"K{row}", *values) for row, values in enumerate(zip(*cells, *texts)))
    places = ", ".join("?" * (1 + len(COLUMNS) + len(TEXTS)))
    connection.executemany(f"INSERT INTO customers VALUES ({places})", rows)
    start = time.perf_counter()
    found = connection.execute(query).fetchall()
    seconds = time.perf_counter() - start
    return *sql_rows(found, len(columns[0])), seconds


def by_duckdb(query, path, count):
    import duckdb

    connection = duckdb.connect()
    types = ", ".join([f"'{name}': 'DOUBLE'" for name in COLUMNS] + [f"'{name}': 'VARCHAR'" for name in TEXTS])
    connection.execute(
        f"CREATE TABLE customers AS SELECT * FROM read_csv('{path}', header=true, "
        f"columns={{'customer_id': 'VARCHAR', {types}}})"
    )
    start = time.perf_counter()
    found = connection.execute(query).fetchall()
    seconds = time.perf_counter() - start
    return *sql_rows(found, count), seconds


def scores(path):
    with open(path, encoding="utf-8") as file:
        next(file)
        return [line.rstrip("\n").split(",") for line in file]


def differences(expected, found, decimals):
    """How many texts differ, and of these how many whose number lies within 1e-11 of a tie of two texts."""
    numbers, tiers, missing, _ = found
    text, ties = 0, 0
    for row, (values, tier, count) in enumerate(zip(numbers.tolist(), tiers, missing.tolist())):
        cells = ["" if value != value else f"{value:.{decimals}f}" for value in values] + [tier, str(count)]
        if cells == expected[row][1:]:
            continue
        for cell, other, value in itertools.zip_longest(cells, expected[row][1:], values):
            if cell != other:
                text += 1
                halves = value * 10**decimals * 2 if value is not None else 0
                ties += value is not None and abs(halves - round(halves)) < 2e-11 * 10**decimals and round(halves) % 2 == 1
                if text <= 3:
                    print(f"    K{row}: {cell!r} is not {other!r} ({value!r})")
    return text, ties


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--plans", type=int, default=4)
    arguments.add_argument("--decimals", type=int, default=3)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--skip", default="")
    arguments.add_argument("--stratum", default=ROOT / ".build" / "release" / "stratum")
    options = arguments.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="stratum-export-"))
    failed = False
    try:
        write(folder / "fit.csv", *population(options.rows, options.seed, 0))
        columns, texts = population(options.rows, options.seed + 1, 0.03)
        write(folder / "score.csv", columns, texts)
        for number, plan in enumerate(plans(options.plans, options.decimals, options.seed)):
            (folder / "plan.json").write_text(json.dumps(plan))
            model = folder / "model.json"
            shared = ["-q", "--force", "--no-sync"]
            run(options.stratum, "fit", folder / "plan.json", folder / "fit.csv", "-o", model, *shared)
            run(options.stratum, "score", model, folder / "score.csv", "-o", folder / "scores.csv", *shared)
            run(options.stratum, "export", model, "--format", "sql", "-o", folder / "score.sql", *shared[:2])
            expected = scores(folder / "scores.csv")
            query = (folder / "score.sql").read_text()
            contenders = {
                "c": lambda: by_c(folder, model, options.stratum, columns, texts),
                "sqlite": lambda: by_sqlite(query, columns, texts),
                "duckdb": lambda: by_duckdb(query, folder / "score.csv", options.rows),
            }
            for name, contender in contenders.items():
                if name in options.skip.split(","):
                    continue
                found = contender()
                count, ties = differences(expected, found, options.decimals)
                failed = failed or count > ties
                print(
                    f"plan {number + 1} ({plan['aggregation']}), {options.rows:,} rows, {name}: {count} texts differ, "
                    f"{ties} of them at ties, {found[3]:.1f} s",
                    flush=True,
                )
    finally:
        shutil.rmtree(folder)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
