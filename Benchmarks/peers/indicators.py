#!/usr/bin/env python3
"""Runs `stratum indicators` and its rivals on one order log in turn: medians, ratios, memory, and every value compared.

Usage: indicators.py [--orders 30000000] [--customers 2500000] [--rounds 3] [--rivals duckdb,polars] [--input FILE]
                     [--keep FOLDER] [--stratum PATH] [--python PATH] [--sync]

Every contender is a process of its own, timed from start to end with the input in the page cache; memory is the most
it had resident. The indicators are those that all compute: days since the last purchase, purchases, spend, tenure,
average order value, active days, refunds and channels, with exact distinct counts. DuckDB's file is compared with ours
customer by customer. Exit status 1: a value differs.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

from compare import PYTHON, ROOT, machine, measured, warm

HERE = pathlib.Path(__file__).resolve().parent
AS_OF = "2026-01-01"
# Sums of the rivals are rounded at each addition, and our quotients have six decimals.
TOLERANCE = 2e-6


def generate(path, customers, orders):
    """Writes a log sorted by date: gamma-distributed buying rates, lognormal amounts, 2 % refunds, four channels."""
    import numpy
    import polars

    random = numpy.random.default_rng(11)
    rates = random.gamma(0.6, 1.0, customers)
    buyers = random.choice(customers, orders, p=rates / rates.sum())
    days = numpy.sort(random.integers(0, 730, orders)).astype("int32") + 19_723
    amounts = numpy.round(random.lognormal(3.5, 0.9, orders) * (0.5 + rates[buyers]), 2)
    amounts[random.random(orders) < 0.02] *= -1
    channels = numpy.array(["web", "app", "store", "phone"])[random.integers(0, 4, orders)]
    columns = {"customer_id": buyers, "order_date": polars.Series(days).cast(polars.Date), "amount": amounts}
    table = polars.DataFrame({**columns, "channel": channels})
    number = polars.col("customer_id").cast(polars.Utf8).str.zfill(9)
    table.with_columns(polars.concat_str(polars.lit("C"), number).alias("customer_id")).write_csv(path)


def differences(ours, theirs):
    """Compares two files customer by customer; returns the customers and a line for each column that differs."""
    import polars

    ours = polars.read_csv(ours, infer_schema_length=100_000)
    theirs = polars.read_csv(theirs, infer_schema_length=100_000).sort("customer_id")
    names = [name for name in theirs.columns if name != "customer_id"]
    problems = [] if ours["customer_id"].equals(theirs["customer_id"]) else ["the customers are not the same"]
    for name in [] if problems else names:
        mine, other = ours[name].cast(polars.Float64), theirs[name].cast(polars.Float64)
        apart = ((mine - other).abs() > TOLERANCE * other.abs().clip(1)).fill_null(False)
        count = int((apart | (mine.is_null() != other.is_null())).sum())
        if count:
            problems.append(f"{name}: {count} customers differ")
    return len(ours), problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=30_000_000)
    parser.add_argument("--customers", type=int, default=2_500_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals", default="duckdb,polars")
    parser.add_argument("--input", help="a log with the columns customer_id, order_date, amount, channel")
    parser.add_argument("--keep", help="folder for input and outputs; a temporary one otherwise")
    parser.add_argument("--stratum", default=str(ROOT / ".build" / "release" / "stratum"))
    parser.add_argument("--python", default=str(PYTHON), help="a Python with DuckDB and Polars")
    parser.add_argument("--sync", action="store_true", help="let Stratum sync its output, which the rivals do not")
    options = parser.parse_args()
    folder = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="stratum-indicators-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        sys.exit(0 if compare(options, folder) else 1)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def compare(options, folder):
    source = pathlib.Path(options.input) if options.input else folder / f"orders-{options.orders}.csv"
    if not source.exists():
        generate(source, options.customers, options.orders)
    ours = folder / "stratum.csv"
    run = [options.stratum, "indicators", "--id", "customer_id", "--date", "order_date", "--amount", "amount"]
    run += ["--channel", "channel", "--as-of", AS_OF, source, "-o", ours, "--force", "--quiet"]
    commands = {"stratum": run if options.sync else [*run, "--no-sync"]}
    threads = str(len(os.sched_getaffinity(0)))
    for rival in filter(None, options.rivals.split(",")):
        script = HERE / "rival_indicators.py"
        commands[rival] = [options.python, script, rival, source, folder / f"{rival}.csv", AS_OF, threads]

    results = {name: [] for name in commands}
    warm(source)
    for number in range(1, options.rounds + 1):
        for name, command in commands.items():
            seconds, memory = measured(command)
            results[name].append((seconds, memory))
            print(f"round {number}: {name:8} {seconds:7.2f} s  {memory / 1e6:8.0f} MB", flush=True)

    print(f"\n{machine()}; {source.stat().st_size / 1e6:.0f} MB of input; medians of {options.rounds}")
    medians = {name: [statistics.median(figures) for figures in zip(*runs)] for name, runs in results.items()}
    base_seconds, base_memory = medians["stratum"]
    for name, (seconds, memory) in medians.items():
        ratios = f"{seconds / base_seconds:5.1f} x time  {memory / base_memory:5.1f} x memory"
        print(f"{name:8} {seconds:7.2f} s  {memory / 1e6:8.0f} MB   {ratios}")

    agrees = True
    for rival in list(commands)[1:]:
        customers, problems = differences(ours, folder / f"{rival}.csv")
        agrees = agrees and not problems
        print(f"answers of {rival}: {customers} customers, {'; '.join(problems) if problems else 'all values agree'}")
    return agrees


if __name__ == "__main__":
    main()
