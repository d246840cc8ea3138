"""One k-means of a rival, or the data for it; prints one line of JSON.

Usage: rival_kmeans.py make ROWS COLUMNS CENTERS SEED MATRIX.npy   CENTERS 0: evenly in the unit cube
       rival_kmeans.py start MATRIX.npy K SEED START.npy           rows drawn evenly as first centroids
       rival_kmeans.py fit ENGINE MATRIX.npy START.npy ITERATIONS TOLERANCE [unchecked]
       rival_kmeans.py seed MATRIX.npy K SEED
       rival_kmeans.py choose MATRIX.npy LEAST_K MOST_K SEED         a fit of scikit-learn for each k, with its seeding
ENGINE is lloyd or elkan (scikit-learn), onedal (scikit-learn-intelex) or faiss. Only the fit is timed, not the reading
of the matrix. Inertia is summed up afresh in double precision from the final centroids, for all engines alike, unless
the run is unchecked.
"""

import json
import os
import sys
import time
import warnings

import numpy


def make(rows, columns, centers, seed, path):
    generator = numpy.random.default_rng(seed)
    matrix = numpy.lib.format.open_memmap(path, mode="w+", dtype=numpy.float32, shape=(rows, columns))
    places = generator.normal(0, 2, (max(centers, 1), columns)).astype(numpy.float32)
    for first in range(0, rows, 1 << 18):
        part = matrix[first : first + (1 << 18)]
        if centers:
            part[:] = generator.standard_normal(part.shape, dtype=numpy.float32) * numpy.float32(1.2)
            part += places[generator.integers(0, centers, len(part))]
        else:
            part[:] = generator.random(part.shape, dtype=numpy.float32)
    matrix.flush()


def inertia(matrix, centroids):
    """The sum of squared distances to the nearest centroid, in double precision and without cancellation."""
    total = 0.0
    exact = centroids.astype(numpy.float64)
    for first in range(0, len(matrix), 1 << 16):
        rows = matrix[first : first + (1 << 16)].astype(numpy.float64)
        nearest = numpy.argmin((exact**2).sum(1) - 2 * rows @ exact.T, axis=1)
        total += ((rows - exact[nearest]) ** 2).sum()
    return float(total)


def fit(engine, matrix, start, iterations, tolerance):
    """Seconds, iterations and final centroids."""
    if engine == "faiss":
        import faiss

        faiss.omp_set_num_threads(len(os.sched_getaffinity(0)))
        rows, columns = matrix.shape
        run = faiss.Kmeans(
            columns, len(start), niter=iterations, max_points_per_centroid=rows, min_points_per_centroid=1
        )
        begin = time.perf_counter()
        run.train(matrix, init_centroids=start)
        return time.perf_counter() - begin, iterations, run.centroids
    if engine == "onedal":
        import sklearnex

        sklearnex.patch_sklearn(verbose=False)
    from sklearn.cluster import KMeans

    warnings.simplefilter("ignore")
    run = KMeans(
        len(start), init=start, n_init=1, max_iter=iterations, tol=tolerance,
        algorithm="elkan" if engine == "elkan" else "lloyd",
    )
    begin = time.perf_counter()
    run.fit(matrix)
    return time.perf_counter() - begin, int(run.n_iter_), run.cluster_centers_


def choose(matrix, least, most, seed):
    from sklearn.cluster import KMeans

    total = {"seconds": 0.0, "iterations": 0, "inertia": 0.0}
    for count in range(least, most + 1):
        begin = time.perf_counter()
        run = KMeans(count, n_init=1, random_state=seed).fit(matrix)
        total["seconds"] += time.perf_counter() - begin
        total["iterations"] += int(run.n_iter_)
        total["inertia"] += inertia(matrix, run.cluster_centers_)
    return total


def main(verb, *arguments):
    if verb == "make":
        *numbers, path = arguments
        make(*map(int, numbers), path)
        return
    matrix = numpy.load(arguments[1] if verb == "fit" else arguments[0])
    if verb == "start":
        _, count, seed, path = arguments
        rows = numpy.random.default_rng(int(seed)).choice(len(matrix), int(count), replace=False)
        numpy.save(path, matrix[rows])
    elif verb == "fit":
        engine, _, start, iterations, tolerance, *unchecked = arguments
        seconds, made, centroids = fit(engine, matrix, numpy.load(start), int(iterations), float(tolerance))
        found = None if unchecked else inertia(matrix, centroids)
        print(json.dumps({"seconds": seconds, "iterations": made, "inertia": found}))
    elif verb == "seed":
        from sklearn.cluster import kmeans_plusplus

        begin = time.perf_counter()
        start, _ = kmeans_plusplus(matrix, int(arguments[1]), random_state=int(arguments[2]))
        seconds = time.perf_counter() - begin
        print(json.dumps({"seconds": seconds, "iterations": 0, "inertia": inertia(matrix, start)}))
    elif verb == "choose":
        print(json.dumps(choose(matrix, *map(int, arguments[1:]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
