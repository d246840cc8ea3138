#!/usr/bin/env python3
"""BG/NBD of Stratum beside lifetimes on the same histories, in turn: medians, ratios, and whether they agree.

Usage: lifetime.py [--customers 1000000] [--rounds 3] [--decimals 4] [--keep FOLDER] [--stratum PATH] [--python PATH]

Ours is the whole command from start to end, with reading, standard errors and writing, the input in the page cache;
lifetimes' time is that of its fit and of its predictions alone, on columns that are in memory. Beside it stands what our
summary says of the stage of the fit, with standard errors, which begins with the distinct histories in memory; finding
them belongs to the reading. --decimals rounds the times: with fewer, more customers share a history. Both must find one maximum: parameters within 0.1 %, and by lifetimes'
own likelihood ours no lower than its. At our parameters predictions must agree to 1e-5. Exit status 1: they do not.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from compare import HERE, PYTHON, ROOT, machine, warm

COLUMNS = ["--histories", "--id", "customer_id"]


def generate(path, customers, decimals):
    """Writes histories that the model itself tells: r .243, alpha 4.41, a .79, b 2.43, ages of 20 to 60 weeks."""
    import numpy
    import pandas

    random = numpy.random.default_rng(3)
    age = random.uniform(20, 60, customers)
    rate = random.gamma(0.243, 1 / 4.41, customers) + 1e-9
    leaving = random.beta(0.79, 2.43, customers)
    frequency, recency = numpy.zeros(customers, int), numpy.zeros(customers)
    purchase, alive = random.exponential(1 / rate), numpy.ones(customers, bool)
    while (bought := alive & (purchase < age)).any():
        frequency[bought] += 1
        recency[bought] = purchase[bought]
        alive = bought & (random.random(customers) > leaving)
        purchase = purchase + random.exponential(1 / rate)
    table = {"frequency": frequency, "recency": recency.round(decimals), "T": age.round(decimals)}
    # A first repeat purchase that rounds to time 0 would be none.
    table["recency"][frequency > 0] = numpy.maximum(table["recency"][frequency > 0], 10.0**-decimals)
    pandas.DataFrame(table).to_csv(path, index_label="customer_id")


def stratum(options, *arguments):
    """Wall seconds, peak resident bytes and the summary of a command."""
    command = [options.stratum, "lifetime", *arguments, "--force", "--no-sync", "--quiet", "--json"]
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"status {process.returncode}: {' '.join(map(str, command))}")
    return seconds, usage.ru_maxrss * 1024, json.loads(text)


def rival(options, *arguments):
    command = [options.python, HERE / "rival_lifetime.py", *arguments]
    return json.loads(subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, check=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--decimals", type=int, default=4)
    parser.add_argument("--keep", help="folder for input and outputs; a temporary one otherwise")
    parser.add_argument("--stratum", default=str(ROOT / ".build" / "release" / "stratum"))
    parser.add_argument("--python", default=str(PYTHON), help="a Python with lifetimes, numpy and pandas")
    options = parser.parse_args()
    folder = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="stratum-lifetime-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        sys.exit(0 if compare(options, folder) else 1)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def compare(options, folder):
    source = folder / f"histories-{options.customers}-{options.decimals}.csv"
    if not source.exists():
        # In a process of its own: what this one has resident when it starts another counts as the other's.
        job = multiprocessing.Process(target=generate, args=(source, options.customers, options.decimals))
        job.start()
        job.join()
    warm(source)
    model, output, theirs = folder / "model.json", folder / "predicted.csv", folder / "theirs.npy"
    fit = ["fit", *COLUMNS, "--spend", "none", "--model", "bg-nbd", source, "-o", model]
    predict = ["predict", model, *COLUMNS, "--horizon", "52w", source, "-o", output]
    times = {"fit": [], "fit, its stage alone": [], "predict": [], "predict on one thread": []}
    for number in range(1, options.rounds + 1):
        seconds, memory, summary = stratum(options, *fit)
        lifetime = summary["lifetime"]
        ours = [parameter["value"] for parameter in lifetime["parameters"]]
        found = rival(options, "fit", source, *map(repr, ours))
        times["fit"].append((seconds, memory, found["seconds"]))
        times["fit, its stage alone"].append((summary["seconds"]["fit"], memory, found["seconds"]))
        told = rival(options, "predict", source, *map(repr, ours), theirs)
        for name, extra in [("predict", []), ("predict on one thread", ["--threads", "1"])]:
            seconds, memory, _ = stratum(options, *predict, *extra)
            times[name].append((seconds, memory, told["seconds"]))
        print(f"round {number}: " + ", ".join(f"{name} {runs[-1][0]:.2f} and {runs[-1][2]:.2f} s"
                                             for name, runs in times.items()), flush=True)
    print(f"\n{machine()}; {options.customers:,} customers, {lifetime['distinct_histories']:,} distinct histories; "
          f"medians of {options.rounds}")
    for name, runs in times.items():
        seconds, memory, other = (statistics.median(figures) for figures in zip(*runs))
        print(f"{name:22} {seconds:6.2f} s {memory / 1e6:5.0f} MB   lifetimes {other:6.2f} s   {other / seconds:5.1f} x")
    return agrees(ours, found, output, theirs)


def agrees(ours, found, output, theirs):
    import numpy
    import pandas

    apart = max(abs(a - b) / b for a, b in zip(ours, found["parameters"]))
    gain = found["given"] - found["own"]
    print(f"parameters {', '.join(f'{value:.5g}' for value in ours)}: apart by {apart:.1e} at most; mean log-likelihood "
          f"{found['given']:.9f}, {gain:+.1e} over that of lifetimes")
    table = pandas.read_csv(output)
    ours = table[["probability_alive", "expected_purchases"]].to_numpy()
    theirs = numpy.load(theirs)
    largest = float(numpy.max(numpy.abs(ours - theirs) / numpy.maximum(1, numpy.abs(theirs))))
    print(f"predictions of {len(table):,} customers: apart by {largest:.1e} at most")
    return apart < 1e-3 and gain > -1e-12 and largest < 1e-5


if __name__ == "__main__":
    main()
