#!/usr/bin/env python3
"""Objective weights of Stratum beside packages for multi-criteria decisions: do they agree, and how far do they reach?

Usage: weights.py [--rows 10000000] [--columns 12] [--seconds 60] [--packages pymcdm,scikit-criteria,pyDecision]
                  [--input FILE] [--python PATH] [--stratum PATH]

First 20,000 generated customers are weighed by all. Definitions that are the same must agree to 1e-9. pyDecision adds
1e-9 to values and inside logarithms, so it may differ by 1e-4. Entropies are those of the values as they are: pymcdm
refuses a 0, which min-max normalization always leaves. MEREC is given 1 + the normalized value, as we take it.

Then each package weighs generated values in memory, doubling their rows until all its methods together take longer than
--seconds or more than 12 GB; the last size within both is told. Beside it `stratum weights` on --rows customers, from
reading the CSV on (--input: this file, not a generated one). Exit status 1: weights differ.
"""

import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from compare import HERE, PYTHON, ROOT, machine, warm

TOLERANCE = 1e-9
MEMORY_LIMIT = 12 << 30
ROWS_AT_FIRST = 10_000
TOLERANCES = {"pyDecision": 1e-4}
PLAN = "version: 1\ndefaults: {{normalization: {}}}\ndimensions: [{{name: all, indicators: [{}]}}]\n"


def rival(options, package, *arguments):
    command = [options.python, HERE / "rival_weights.py", package, *arguments]
    result = subprocess.run(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        timeout=60 + 5 * options.seconds)
    return json.loads(result.stdout) if result.returncode == 0 else None


def stratum(options, plan, table, output):
    command = [options.stratum, "weights", plan, table, "--json", "--quiet", "-o", output, "--force"]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"status {process.returncode}: {' '.join(map(str, command))}")
    with open(output, newline="", encoding="utf-8") as file:
        weights = {}
        for record in csv.DictReader(file):
            weights.setdefault(record["method"], []).append(float(record["weight"]))
    return weights, json.loads(text), usage.ru_maxrss * 1024


def agreement(options, folder):
    import numpy

    names = [f"x{column}" for column in range(options.columns)]
    generator = numpy.random.default_rng(3)
    values = generator.gamma(1 + numpy.arange(options.columns) / 3, size=(20_000, options.columns))
    values[:, 1] += values[:, 0]
    values = (values / values.max(axis=0)).round(6).clip(1e-6, 1)
    table, plan, matrix = folder / "few.csv", folder / "plan.yaml", folder / "few.npy"
    with open(table, "w", encoding="utf-8") as file:
        file.write(",".join(["customer_id", *names]) + "\n")
        for row, numbers in enumerate(values):
            file.write(f"C{row}," + ",".join(f"{number:.6f}" for number in numbers) + "\n")
    numpy.save(matrix, values)
    ours = {}
    for normalization in ("minMax", "{kind: fixedRange, low: 0, high: 1}"):
        plan.write_text(PLAN.format(normalization, ", ".join(names)), encoding="utf-8")
        weights, _, _ = stratum(options, plan, table, folder / "weights.csv")
        ours.update(weights if not ours else {"entropy": weights["entropy"]})
    agrees = True
    print("largest difference of a weight from ours, 20,000 customers")
    for package in options.packages:
        theirs = rival(options, package, "weights", matrix)
        for method, weights in theirs.items():
            difference = max(abs(a - b) for a, b in zip(weights, ours[method]))
            holds = difference <= TOLERANCES.get(package, TOLERANCE)
            agrees &= holds
            print(f"  {package:16} {method:18} {difference:8.1e}  {'' if holds else 'DIFFERS'}", flush=True)
    return agrees


def reach(options, package):
    """The last measured size within the limits, and how the next one ended."""
    rows, last = ROWS_AT_FIRST, None
    while True:
        try:
            run = rival(options, package, "rows", rows, options.columns, 7)
        except subprocess.TimeoutExpired:
            return last, "too long"
        if run is None or run["bytes"] > MEMORY_LIMIT:
            return last, "more than 12 GB"
        if run["seconds"] > options.seconds:
            return last, f"{run['seconds']:.0f} s"
        last = (rows, run)
        rows *= 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--columns", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--packages", type=lambda text: text.split(","), default=["pymcdm", "scikit-criteria", "pyDecision"])
    parser.add_argument("--input", type=pathlib.Path)
    parser.add_argument("--python", default=PYTHON)
    parser.add_argument("--stratum", default=ROOT / ".build/release/stratum")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        agrees = agreement(options, folder)
        print("\nrows within the limits        seconds   memory   twice as many")
        for package in options.packages:
            last, end = reach(options, package)
            rows, run = last or (0, {"seconds": 0, "bytes": 0})
            print(
                f"  {package:16} {rows:11,} {run['seconds']:8.1f} s {run['bytes'] / 1e9:5.1f} GB   {end}", flush=True)
        table = options.input
        if table is None:
            table = folder / "customers.csv"
            subprocess.run([options.stratum, "generate", "--customers", str(options.rows), "-o", table], check=True)
        warm(table)
        _, summary, most = stratum(options, ROOT / "data/plans/scoring.yaml", table, folder / "weights.csv")
        stages = summary["seconds"]
        print(
            f"  {'stratum':16} {summary['rows']['accepted']:11,} {sum(stages.values()):8.1f} s {most / 1e9:5.1f} GB   "
            + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in stages.items()))
    sys.exit(0 if agrees else 1)


if __name__ == "__main__":
    main()
