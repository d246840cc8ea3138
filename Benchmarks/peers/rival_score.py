"""The scoring job in what people would use instead.

Usage: rival_score.py duckdb|polars|pandas INPUT.csv OUTPUT.csv
"""

import sys

from score_job import DIMENSIONS, COLUMNS, HIGH_SHARE, LOW_SHARE, TIERS

THREADS = 2


def cut_offs(quantile):
    """The least score of every tier but the last."""
    return [quantile(1 - share) for _, share in TIERS[:-1]]


def with_duckdb(source, target):
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"set threads = {THREADS}")
    connection.execute(f"create table customers as select * from read_csv('{source}')")
    bounds_list = ", ".join(f"quantile_cont({c}, [{LOW_SHARE}, {HIGH_SHARE}])" for c in COLUMNS)
    bounds = dict(zip(COLUMNS, connection.execute(f"select {bounds_list} from customers").fetchone()))

    def normalized(column, direction):
        low, high = bounds[column]
        share = f"greatest(0, least(1, ({column} - ({low})) / {(high - low) or 1}))"
        return share if direction > 0 else f"(1 - {share})"

    dimensions = []
    for name, (_, indicators) in DIMENSIONS.items():
        # DuckDB's least and greatest pass over null, so an empty cell has to be left out by name.
        parts = [
            f"case when {c} is null then 0 else {w} * {normalized(c, d)} end" for c, (w, d) in indicators.items()
        ]
        present = [f"case when {c} is null then 0 else {w} end" for c, (w, _) in indicators.items()]
        dimensions.append(f"100 * ({' + '.join(parts)}) / nullif({' + '.join(present)}, 0) as {name}")
    connection.execute(f"create table dimensions as select customer_id, {', '.join(dimensions)} from customers")
    score = " + ".join(f"{weight} * coalesce({name}, 0)" for name, (weight, _) in DIMENSIONS.items())
    connection.execute(f"create table scores as select *, {score} as score from dimensions")
    cuts = cut_offs(lambda p: connection.execute(f"select quantile_disc(score, {p}) from scores").fetchone()[0])
    cases = " ".join(f"when score >= {cut!r} then '{name}'" for cut, (name, _) in zip(cuts, TIERS))
    columns = ", ".join(f"round({name}, 3) as {name}" for name in [*DIMENSIONS, "score"])
    connection.execute(
        f"copy (select customer_id, {columns}, case {cases} else '{TIERS[-1][0]}' end as tier from scores) "
        f"to '{target}' (header)"
    )


def with_polars(source, target):
    import polars as pl

    frame = pl.read_csv(source, infer_schema_length=10_000)
    bounds = frame.select(
        pl.col(c).cast(pl.Float64).quantile(p, "linear").alias(f"{c} {p}")
        for c in COLUMNS
        for p in (LOW_SHARE, HIGH_SHARE)
    ).row(0, named=True)

    def normalized(column, direction):
        low, high = bounds[f"{column} {LOW_SHARE}"], bounds[f"{column} {HIGH_SHARE}"]
        share = ((pl.col(column) - low) / ((high - low) or 1)).clip(0, 1)
        return share if direction > 0 else 1 - share

    dimensions = []
    for name, (_, indicators) in DIMENSIONS.items():
        total = sum((w * normalized(c, d)).fill_null(0) for c, (w, d) in indicators.items())
        present = sum(pl.when(pl.col(c).is_null()).then(0).otherwise(w) for c, (w, _) in indicators.items())
        dimensions.append((100 * total / present).alias(name))
    score = sum(weight * pl.col(name) for name, (weight, _) in DIMENSIONS.items())
    scores = frame.lazy().select("customer_id", *dimensions).with_columns(score.alias("score")).collect()
    cuts = cut_offs(lambda p: scores["score"].quantile(p))
    tier = pl.lit(TIERS[-1][0])
    for cut, (name, _) in reversed(list(zip(cuts, TIERS))):
        tier = pl.when(pl.col("score") >= cut).then(pl.lit(name)).otherwise(tier)
    scores.with_columns(tier.alias("tier")).write_csv(target, float_precision=3)


def with_pandas(source, target):
    import numpy as np
    import pandas as pd

    frame = pd.read_csv(source)
    values = frame[COLUMNS].to_numpy(np.float64)
    low, high = np.nanquantile(values, [LOW_SHARE, HIGH_SHARE], axis=0)
    result = {"customer_id": frame["customer_id"]}
    score = 0.0
    for name, (weight, indicators) in DIMENSIONS.items():
        total = present = 0.0
        for column, (share, direction) in indicators.items():
            index = COLUMNS.index(column)
            part = np.clip((values[:, index] - low[index]) / ((high[index] - low[index]) or 1), 0, 1)
            part = part if direction > 0 else 1 - part
            known = ~np.isnan(part)
            total = total + np.where(known, share * part, 0)
            present = present + share * known
        result[name] = 100 * total / present
        score = score + weight * result[name]
    result["score"] = score
    cuts = cut_offs(lambda p: np.quantile(score, p))
    result["tier"] = np.select([score >= cut for cut in cuts], [name for name, _ in TIERS[:-1]], TIERS[-1][0])
    pd.DataFrame(result).to_csv(target, index=False, float_format="%.3f")


if __name__ == "__main__":
    engine, source, target = sys.argv[1:]
    {"duckdb": with_duckdb, "polars": with_polars, "pandas": with_pandas}[engine](source, target)
