#!/usr/bin/env python3
"""Runs Stratum and its rivals on the same file in turn, and prints medians, ratios and whether the answers agree.

Usage: compare.py [--customers 10000000] [--rounds 3] [--rivals duckdb,polars] [--input FILE] [--keep FOLDER]
                  [--stratum PATH] [--sync]

Every contender is a process of its own, timed from start to end with the input in the page cache; memory is the most
it had resident. One round is one run of each, so that all feel the same machine. Exit status 1: the answers differ.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from score_job import DIMENSION_NAMES

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PLAN = ROOT / "data" / "plans" / "scoring.yaml"
PYTHON = HERE / ".venv" / "bin" / "python"
SCORE_TOLERANCE = 0.001


def measured(command):
    """Wall seconds and peak resident bytes of a command that must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with status {process.returncode}: {' '.join(map(str, command))}")
    return seconds, usage.ru_maxrss * 1024


def warm(path):
    """Reads a file into the page cache."""
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass


def fields(path):
    """The rows of a scores file as (id, scores, tier), whatever else it holds."""
    with open(path, encoding="utf-8") as file:
        names = file.readline().rstrip("\n").split(",")
        # DuckDB names a rounded column after its expression unless told otherwise; all here are told.
        places = [names.index(name) for name in [*DIMENSION_NAMES, "score"]]
        identifier, tier = names.index("customer_id"), names.index("tier")
        for line in file:
            cells = line.rstrip("\n").split(",")
            yield cells[identifier], [cells[place] for place in places], cells[tier]


def agreement(ours, theirs):
    """Compares two scores files row by row; returns the figures and whether they agree."""
    rows = 0
    largest = 0.0
    beyond = 0
    order = 0
    moved = []
    least = {}, {}
    with_rows = zip(fields(ours), fields(theirs), strict=True)
    for (id_a, scores_a, tier_a), (id_b, scores_b, tier_b) in with_rows:
        rows += 1
        if id_a != id_b:
            order += 1
            continue
        if scores_a != scores_b:
            for a, b in zip(scores_a, scores_b):
                difference = abs(float(a or "nan") - float(b or "nan")) if a != b else 0.0
                largest = max(largest, difference)
                # A rounded last digit may differ by one; half a step more is room for binary fractions.
                if not difference <= SCORE_TOLERANCE * 1.0005:
                    beyond += 1
        score = float(scores_a[-1])
        for cuts, tier in zip(least, (tier_a, tier_b)):
            cuts[tier] = min(score, cuts.get(tier, score))
        if tier_a != tier_b:
            moved.append((score, tier_a, tier_b))
    # A customer may stand in another tier only when its score is that of a cut-off: ours, or the rival's, whose
    # quantile counts one customer more.
    cuts = [*least[0].values(), *least[1].values()]
    ties = sum(any(abs(score - cut) <= SCORE_TOLERANCE for cut in cuts) for score, _, _ in moved)
    agrees = order == 0 and beyond == 0 and ties == len(moved)
    text = (
        f"{rows} rows; {order} ids differ; largest score difference {largest:.4f}, {beyond} beyond "
        f"{SCORE_TOLERANCE}; {len(moved)} in another tier, {ties} of them at a cut-off"
    )
    return text, agrees


def machine():
    """Processor, cores and memory, for the record."""
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    memory = int(next(l.split()[1] for l in open("/proc/meminfo") if l.startswith("MemTotal"))) / 2**20
    return f"{model}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals", default="duckdb,polars")
    parser.add_argument("--input", help="an export to use instead of a generated one")
    parser.add_argument("--keep", help="folder for input and outputs; a temporary one otherwise")
    parser.add_argument("--stratum", default=str(ROOT / ".build" / "release" / "stratum"))
    parser.add_argument("--sync", action="store_true", help="let Stratum sync its outputs, which the rivals do not")
    options = parser.parse_args()

    folder = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="stratum-compare-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        sys.exit(0 if compare(options, folder) else 1)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def compare(options, folder):
    source = pathlib.Path(options.input) if options.input else folder / f"customers-{options.customers}.csv"
    if not source.exists():
        subprocess.run(
            [options.stratum, "generate", "--customers", str(options.customers), "-o", str(source)], check=True
        )

    rivals = [name for name in options.rivals.split(",") if name]
    run = [options.stratum, "run", PLAN, source, "-o", folder / "stratum", "--force", "--quiet"]
    commands = {"stratum": run if options.sync else [*run, "--no-sync"]}
    for rival in rivals:
        commands[rival] = [PYTHON, HERE / "rival_score.py", rival, source, folder / f"{rival}.csv"]

    results = {name: [] for name in commands}
    warm(source)
    for number in range(1, options.rounds + 1):
        for name, command in commands.items():
            seconds, memory = measured(command)
            results[name].append((seconds, memory))
            print(f"round {number}: {name:8} {seconds:7.2f} s  {memory / 1e6:8.0f} MB", flush=True)

    print(f"\n{machine()}; {source.stat().st_size / 1e6:.0f} MB of input; medians of {options.rounds}")
    base_seconds = statistics.median(seconds for seconds, _ in results["stratum"])
    base_memory = statistics.median(memory for _, memory in results["stratum"])
    for name, runs in results.items():
        seconds = statistics.median(seconds for seconds, _ in runs)
        memory = statistics.median(memory for _, memory in runs)
        print(
            f"{name:8} {seconds:7.2f} s  {memory / 1e6:8.0f} MB   "
            f"{seconds / base_seconds:5.1f} x time  {memory / base_memory:5.1f} x memory"
        )

    agrees = True
    for rival in rivals:
        text, same = agreement(folder / "stratum" / "scores.csv", folder / f"{rival}.csv")
        agrees = agrees and same
        print(f"answers of {rival}: {'agree' if same else 'DIFFER'}: {text}")
    return agrees


if __name__ == "__main__":
    main()
