#!/usr/bin/env python3
"""Runs k-means of Stratum and its rivals on the same rows from the same centroids, in turn; prints medians and ratios.

Usage: kmeans.py [--only iteration,full,wide,seeding,choice] [--rounds 3] [--rivals lloyd,elkan,onedal,faiss]
                 [--rows 10000000] [--full-rows 1000000] [--choice-rows 1000000] [--keep FOLDER] [--stratum PATH]
                 [--python PATH]

  iteration  20 iterations of --rows x 12, k = 8
  full       to convergence at tolerance 1e-4 and 0, --full-rows x 12, k = 8, clustered and not; faiss, which knows no
             tolerance, makes the iterations that Stratum needed
  wide       10 iterations of 1,000,000 x 64, k = 256
  seeding    greedy k-means++ of --rows x 12, k = 8; beside scikit-learn's
  choice     a fit for each k from 2 to 12 with its own seeding, --choice-rows x 12; beside scikit-learn's

Every run is a process of its own; the fit alone is timed. A ratio is the median over rounds of the rival's time over
ours in the same round, of one iteration's time in `iteration` and `wide`. Exit status 1: an inertia differs from ours
by more than 1e-6 of it. On uniform rows, where hundreds of iterations carry a last bit of rounding to another end as
good as the first, the bound is 0.5 % instead.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

from compare import HERE, PYTHON, ROOT, machine

TOLERANCE = 1e-6
UNIFORM_TOLERANCE = 5e-3


class Job:
    """A task for all contenders: a matrix, first centroids, iterations at most and a tolerance."""

    def __init__(self, name, matrix, start, iterations, tolerance, rivals, agreement=TOLERANCE):
        self.name, self.matrix, self.start = name, matrix, start
        self.iterations, self.tolerance, self.rivals = iterations, tolerance, rivals
        self.agreement = agreement


class Runner:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.agrees = True

    def call(self, command):
        result = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
        if result.returncode != 0:
            sys.exit(f"status {result.returncode}: {' '.join(map(str, command))}")
        return result.stdout

    def rival(self, *arguments):
        text = self.call([self.options.python, HERE / "rival_kmeans.py", *arguments])
        return json.loads(text) if text else None

    def bench(self, matrix, *arguments):
        """The cells of one `stratum bench` over a matrix, each run once and measured."""
        text = self.call([
            self.options.stratum, "bench", matrix, "--repeats", 1, "--warmup", 0, "--no-silhouette", "--json", "--quiet",
            *arguments,
        ])
        return json.loads(text)["cells"]

    def stratum(self, job):
        cell = self.bench(
            job.matrix, "--start", job.start, "--iterations", job.iterations, "--tolerance", job.tolerance)[0]
        return {
            "seconds": cell["seconds"]["fit"]["median"], "iterations": cell["iterations"], "inertia": cell["inertia"],
            "iteration": cell["seconds"]["iteration"]["median"], "read": cell["seconds"]["read"]["median"],
            "skipped": cell["skipped_share"],
        }

    def matrix(self, rows, columns, centers):
        path = self.folder / f"rows-{rows}-{columns}-{centers}.npy"
        if not path.exists():
            self.rival("make", rows, columns, centers, 7, path)
        return path

    def start(self, matrix, count):
        path = self.folder / f"start-{count}-{matrix.name}"
        if not path.exists():
            self.rival("start", matrix, count, 8, path)
        return path

    def run(self, job):
        """All contenders in turn, `rounds` times, and the table of medians."""
        results = {name: [] for name in ["stratum", *job.rivals]}
        for _ in range(self.options.rounds):
            ours = self.stratum(job)
            results["stratum"].append(ours)
            for rival in job.rivals:
                iterations = ours["iterations"] if rival == "faiss" else job.iterations
                # The same run gives the same answer; its inertia takes longer than the run.
                unchecked = ["unchecked"] if results[rival] else []
                results[rival].append(
                    self.rival("fit", rival, job.matrix, job.start, iterations, job.tolerance, *unchecked))
        # Where rounding lets one converge an iteration earlier, times of one iteration are what compares.
        self.table(job.name, results, by_iteration=job.iterations <= 20)
        ours = results["stratum"]
        one = {key: statistics.median(run[key] for run in ours) for key in ("iteration", "read", "skipped")}
        print(
            f"  an iteration after the first {one['iteration'] * 1000:.2f} ms, reading the matrix once "
            f"{one['read'] * 1000:.2f} ms, {100 * one['skipped']:.1f} % of row visits skipped", flush=True)
        if len({run["inertia"] for run in ours}) > 1:
            self.disagree("Stratum's own runs differ")
        for rival in job.rivals:
            difference = results[rival][0]["inertia"] / ours[0]["inertia"] - 1
            if abs(difference) > job.agreement:
                self.disagree(f"inertia of {rival} is another by {difference:.2e} of ours")

    def disagree(self, text):
        self.agrees = False
        print(f"  DIFFERS: {text}", flush=True)

    def table(self, name, results, by_iteration=False):
        def cost(run):
            return run["seconds"] / (run["iterations"] if by_iteration else 1)

        print(f"\n{name}")
        ours = results["stratum"]
        for contender, runs in results.items():
            seconds = statistics.median(run["seconds"] for run in runs)
            ratio = statistics.median(cost(run) / cost(mine) for run, mine in zip(runs, ours))
            iterations = runs[0]["iterations"]
            each = f"{seconds / iterations * 1000:9.2f} ms each" if iterations else " " * 17
            print(
                f"  {contender:8} {seconds:9.3f} s {each} {iterations:5} iterations  inertia {runs[0]['inertia']:.8g}"
                f"  {ratio:6.1f} x")

    def jobs(self, only):
        options = self.options
        if only == "iteration":
            rows = self.matrix(options.rows, 12, 8)
            yield Job(f"20 iterations, {options.rows} x 12, k 8", rows, self.start(rows, 8), 20, 0, options.rivals)
        if only == "full":
            for centers, kind in [(8, "clustered"), (0, "uniform")]:
                rows = self.matrix(options.full_rows, 12, centers)
                for tolerance in (1e-4, 0):
                    yield Job(
                        f"to convergence, {options.full_rows} x 12 {kind}, k 8, tolerance {tolerance}", rows,
                        self.start(rows, 8), 300, tolerance, options.rivals,
                        TOLERANCE if centers else UNIFORM_TOLERANCE)
        if only == "wide":
            rows = self.matrix(1_000_000, 64, 256)
            # Elkan keeps a bound for each row and centroid: 2 GB here.
            rivals = [rival for rival in options.rivals if rival != "elkan"]
            yield Job("10 iterations, 1000000 x 64, k 256", rows, self.start(rows, 256), 10, 0, rivals)

    def seeding(self):
        matrix = self.matrix(self.options.rows, 12, 8)
        results = {"stratum": [], "lloyd": []}
        for number in range(self.options.rounds):
            cell = self.bench(matrix, "--k", 8, "--iterations", 1, "--seed", number)[0]
            results["stratum"].append(
                {"seconds": cell["seconds"]["seeding"]["median"], "iterations": 0, "inertia": cell["inertia"]})
            results["lloyd"].append(self.rival("seed", matrix, 8, number))
        self.table(f"greedy k-means++, {self.options.rows} x 12, k 8 (our inertia after one iteration)", results)

    def choice(self):
        matrix = self.matrix(self.options.choice_rows, 12, 8)
        results = {"stratum": [], "lloyd": []}
        reads = []
        for number in range(self.options.rounds):
            cells = self.bench(matrix, "--k", "2...12", "--seed", number)
            reads += [cell["seconds"]["total"]["median"] / cell["seconds"]["read"]["median"] for cell in cells]
            results["stratum"].append({
                "seconds": sum(cell["seconds"]["total"]["median"] for cell in cells),
                "iterations": sum(cell["iterations"] for cell in cells),
                "inertia": sum(cell["inertia"] for cell in cells),
            })
            results["lloyd"].append(self.rival("choose", matrix, 2, 12, number))
        self.table(f"a fit for each k of 2 to 12, {self.options.choice_rows} x 12 (inertia summed)", results)
        print(f"  a k of ours takes the time of {statistics.median(reads):.0f} reads of the matrix, at most {max(reads):.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="iteration,full,wide,seeding,choice")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals", default="lloyd,elkan,onedal,faiss")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--full-rows", type=int, default=1_000_000)
    parser.add_argument("--choice-rows", type=int, default=1_000_000)
    parser.add_argument("--keep", help="folder for the matrices; a temporary one otherwise")
    parser.add_argument("--stratum", default=str(ROOT / ".build" / "release" / "stratum"))
    parser.add_argument("--python", default=str(PYTHON), help="the Python that has the rivals")
    options = parser.parse_args()
    options.rivals = [name for name in options.rivals.split(",") if name]

    folder = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="stratum-kmeans-"))
    folder.mkdir(parents=True, exist_ok=True)
    runner = Runner(options, folder)
    try:
        print(f"{machine()}; medians of {options.rounds}")
        for only in options.only.split(","):
            for job in runner.jobs(only):
                runner.run(job)
            if only in ("seeding", "choice"):
                getattr(runner, only)()
    finally:
        if not options.keep:
            shutil.rmtree(folder)
    sys.exit(0 if runner.agrees else 1)


if __name__ == "__main__":
    main()
