"""The indicators of an order log as DuckDB and Polars compute them, with the meanings of `stratum indicators`.

Usage: rival_indicators.py {duckdb|polars} ORDERS.csv OUT.csv AS_OF THREADS
"""

import sys

engine, source, output, as_of, threads = sys.argv[1:6]

if engine == "duckdb":
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"set threads={threads}")
    connection.execute(
        f"""copy (select customer_id,
          date '{as_of}' - max(order_date) filter (amount >= 0) as days_since_last_purchase,
          count(*) filter (amount >= 0) as purchase_count, sum(amount) as total_spend,
          date '{as_of}' - min(order_date) filter (amount >= 0) as tenure_days,
          sum(amount) / nullif(count(*) filter (amount >= 0), 0) as average_order_value,
          count(distinct order_date) filter (amount >= 0) as active_days,
          count(*) filter (amount < 0) as refund_count, count(distinct channel) as distinct_channels
          from read_csv('{source}') group by 1) to '{output}' (header)"""
    )
else:
    import os

    os.environ["POLARS_MAX_THREADS"] = threads
    import datetime

    import polars as pl

    day = pl.lit(datetime.date.fromisoformat(as_of))
    bought = pl.col("amount") >= 0
    date = pl.col("order_date").filter(bought)
    (
        pl.scan_csv(source, try_parse_dates=True)
        .group_by("customer_id")
        .agg(
            (day - date.max()).dt.total_days().alias("days_since_last_purchase"),
            bought.sum().alias("purchase_count"),
            pl.col("amount").sum().alias("total_spend"),
            (day - date.min()).dt.total_days().alias("tenure_days"),
            (pl.col("amount").sum() / pl.when(bought.sum() > 0).then(bought.sum())).alias("average_order_value"),
            date.n_unique().alias("active_days"),
            (~bought).sum().alias("refund_count"),
            pl.col("channel").n_unique().alias("distinct_channels"),
        )
        .collect(engine="streaming")
        .write_csv(output)
    )
