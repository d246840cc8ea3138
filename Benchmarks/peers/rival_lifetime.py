#!/usr/bin/env python3
"""BG/NBD by the package lifetimes on a table of histories; prints JSON. Times leave reading out.

Usage: rival_lifetime.py fit FILE R ALPHA A B           its maximum, and its mean log-likelihood there and at R ALPHA A B
       rival_lifetime.py predict FILE R ALPHA A B OUT   writes the probability of being alive and the purchases expected
                                                        in 52 units of time, two columns that numpy.save writes
"""

import json
import sys
import time
import warnings

import numpy
import pandas

warnings.simplefilter("ignore")
from lifetimes import BetaGeoFitter  # noqa: E402

NAMES = ["r", "alpha", "a", "b"]


def main():
    job, file, *rest = sys.argv[1:]
    table = pandas.read_csv(file)
    columns = [table[name] for name in ["frequency", "recency", "T"]]
    given = [float(text) for text in rest[:4]]
    fitter = BetaGeoFitter()
    start = time.perf_counter()
    if job == "fit":
        fitter.fit(*columns)
        seconds = time.perf_counter() - start
        found = [float(fitter.params_[name]) for name in NAMES]
        ones = numpy.ones(len(table))
        values = [column.to_numpy() for column in columns]

        def mean_log_likelihood(parameters):
            return -float(fitter._negative_log_likelihood(numpy.log(parameters), *values, ones, 0))

        figures = {"parameters": found, "own": mean_log_likelihood(found), "given": mean_log_likelihood(given)}
    else:
        fitter.params_ = pandas.Series(given, index=NAMES)
        alive = fitter.conditional_probability_alive(*columns)
        middle = time.perf_counter()
        purchases = fitter.conditional_expected_number_of_purchases_up_to_time(52, *columns)
        seconds = time.perf_counter() - start
        numpy.save(rest[4], numpy.column_stack([alive, purchases]))
        figures = {"alive_seconds": middle - start, "purchases_seconds": start + seconds - middle}
    print(json.dumps({"seconds": seconds, **figures}))


if __name__ == "__main__":
    main()
