#!/usr/bin/env bash
# Installs the rivals of the comparisons into Benchmarks/peers/.venv.
set -euo pipefail
cd "$(dirname "$0")"
python3 -m venv .venv
.venv/bin/pip install --quiet --upgrade pip
.venv/bin/pip install --quiet numpy pandas polars duckdb scikit-learn scikit-learn-intelex faiss-cpu \
    pymcdm scikit-criteria pyDecision lifetimes
.venv/bin/python - <<'PYTHON'
from importlib.metadata import version
for name in ("numpy", "pandas", "polars", "duckdb", "scikit-learn", "scikit-learn-intelex", "faiss-cpu",
             "pymcdm", "scikit-criteria", "pyDecision", "lifetimes"):
    print(name, version(name))
PYTHON
