#!/usr/bin/env python3
"""Objective weights by a package for multi-criteria decisions; prints JSON.

Usage: rival_weights.py PACKAGE rows ROWS COLUMNS SEED      time and memory of all methods on generated values
       rival_weights.py PACKAGE weights FILE                the weights of a matrix that numpy.save wrote

PACKAGE is pymcdm, scikit-criteria or pyDecision. Values are above 0 and at most 1. Entropy gets them as they are, the
others min-max normalized; MEREC, which has no logarithm of 0, gets 1 + that. All are to be maximized.
"""

import json
import resource
import sys
import time

import numpy


def pymcdm(values, matrix):
    from pymcdm import weights

    types = numpy.ones(matrix.shape[1])
    return {
        "entropy": lambda: weights.entropy_weights(values),
        "standardDeviation": lambda: weights.standard_deviation_weights(matrix),
        "critic": lambda: weights.critic_weights(matrix),
        "merec": lambda: weights.merec_weights(1 + matrix, types),
    }


def scikit_criteria(values, matrix):
    import skcriteria
    from skcriteria.preprocessing import weighters

    def weigh(method, table):
        return method.transform(skcriteria.mkdm(table, [max] * table.shape[1])).weights

    return {
        "entropy": lambda: weigh(weighters.EntropyWeighter(), values),
        "standardDeviation": lambda: weigh(weighters.StdWeighter(), matrix),
        "critic": lambda: weigh(weighters.CRITIC(), matrix),
        "merec": lambda: weigh(weighters.MEREC(), 1 + matrix),
    }


def pydecision(values, matrix):
    from pyDecision.algorithm import critic_method, entropy_method, merec_method

    types = ["max"] * matrix.shape[1]
    return {
        "entropy": lambda: entropy_method(values, types),
        "critic": lambda: critic_method(matrix, types),
        "merec": lambda: merec_method(1 + matrix, types),
    }


def normalized(values):
    low, high = values.min(axis=0), values.max(axis=0)
    return (values - low) / (high - low)


PACKAGES = {"pymcdm": pymcdm, "scikit-criteria": scikit_criteria, "pyDecision": pydecision}


def main():
    package, action, *arguments = sys.argv[1:]
    if action == "weights":
        values = numpy.load(arguments[0])
        methods = PACKAGES[package](values, normalized(values))
        print(json.dumps({name: numpy.asarray(method()).tolist() for name, method in methods.items()}))
        return
    rows, columns, seed = map(int, arguments)
    # More than this would be paging, or another program's memory.
    resource.setrlimit(resource.RLIMIT_AS, (16 << 30, 16 << 30))
    values = 1 - numpy.random.default_rng(seed).random((rows, columns))
    methods = PACKAGES[package](values, normalized(values))
    start = time.perf_counter()
    for method in methods.values():
        method()
    print(json.dumps({
        "seconds": time.perf_counter() - start,
        "bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }))


main()
