"""Writes cdnow_orders.csv: cdnow_sample.txt as a CSV with a header and ISO dates, line by line, nothing left out."""

import pathlib

here = pathlib.Path(__file__).parent
with open(here / "cdnow_orders.csv", "w", newline="\n") as output:
    output.write("customer_id,order_date,cds,amount\n")
    for line in (here / "cdnow_sample.txt").read_text().splitlines():
        if not line.strip():
            continue
        _, customer, date, cds, amount = line.split()
        output.write(f"{customer},{date[:4]}-{date[4:6]}-{date[6:]},{cds},{amount}\n")
