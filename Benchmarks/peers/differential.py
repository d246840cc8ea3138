#!/usr/bin/env python3
"""Compares which rows of broken CSV files Stratum accepts with Python's csv module and DuckDB.

Usage: differential.py [--files 200] [--rows 200] [--seed 1] [--stratum PATH]

Each generated file has one feature. Where the rules agree (quotes, line ends, blanks, empty fields, rows with a wrong
number of fields, fields that are no numbers, ids seen before) the ids accepted must be the same, in the same order; a
difference there is printed and the exit status is 1. Features for which the rules differ on purpose are counted, with
the reason and one example. There too the ids must be those of the rules as data/README.md lists them, which `by_rules`
follows byte by byte; and a rival that is said to differ and does not is a mistake of the list. DuckDB is left out if the
module is not installed.
"""

import argparse
import collections
import csv
import io
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

try:
    import duckdb
except ImportError:
    duckdb = None

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
HEADER = ["id", "a", "b", "note"]

# Feature: why the rival may differ; where nothing is said it must not.
PYTHON_DEPARTURES = {
    "stray_quote": "text after a closing quote rejects its line; csv joins it to the field",
    "open_quote": "a quote never closed is fatal; csv returns all that follows as one field",
    "nul": "a NUL rejects its row; csv takes it",
    "lone_bytes": "bytes that are not UTF-8 reject their row; csv is given them decoded with replacement",
}
DUCKDB_DEPARTURES = {
    "stray_quote": "a stray quote costs its own line; DuckDB drops or merges others",
    "open_quote": "a quote never closed is fatal; DuckDB skips the row",
    "mixed_ends": "CR, LF and CRLF may be mixed; DuckDB's strict mode takes one of them",
    "nul": "a NUL rejects its row",
}
FEATURES = [
    "plain", "quotes", "blanks", "empty_fields", "blank_lines", "crlf", "carriage_return", "mixed_ends", "broken_rows",
    "not_numbers", "repeated_ids", "lines_in_fields", "no_last_end", "stray_quote", "open_quote", "nul", "lone_bytes",
]


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def generate(feature, rows, generator):
    """The bytes of one file with the feature in about one row of ten."""
    ends = {"crlf": ["\r\n"], "carriage_return": ["\r"], "mixed_ends": ["\n", "\r\n"]}.get(feature, ["\n"])
    text = ",".join(HEADER) + ends[0]
    for row in range(rows):
        fields = [f"k{row}", str(generator.randint(-999, 999)), f"{generator.random() * 1e4:.2f}", "note"]
        if generator.random() < 0.1:
            if feature == "quotes":
                fields = [quoted(field) if generator.random() < 0.5 else field for field in fields]
                fields[3] = quoted('say "so", then')
            elif feature == "blanks":
                fields[1] = f"  {fields[1]}\t"
                fields[2] = quoted(f" {fields[2]} ")
            elif feature == "empty_fields":
                fields[generator.randint(0, 3)] = generator.choice(["", '""'])
            elif feature == "blank_lines":
                text += ends[0] * generator.randint(1, 3)
            elif feature == "broken_rows":
                fields = fields[: generator.randint(1, 3)] if generator.random() < 0.5 else fields + ["more"]
            elif feature == "not_numbers":
                fields[generator.randint(1, 2)] = generator.choice(["x", "1 2", "nan", "1e999", "0x10", "--1", "1e", "."])
            elif feature == "repeated_ids":
                fields[0] = f"k{generator.randint(0, row)}"
            elif feature == "lines_in_fields":
                fields[3] = quoted("two\nlines" if generator.random() < 0.5 else "two\r\nlines, and")
            elif feature == "stray_quote":
                fields[generator.randint(0, 3)] = generator.choice(['"ab"c', '"a" ', '"'])
            elif feature == "nul":
                fields[3] = "a\0b"
            elif feature == "lone_bytes":
                fields[3] = "\udcff"
        if feature == "open_quote" and row == rows // 2:
            fields[3] = '"open'
        text += ",".join(fields) + generator.choice(ends)
    if feature == "no_last_end":
        text = text[:-1]
    return text.encode("utf-8", "surrogateescape")


def accepted(records):
    """The ids that Stratum's rules accept among records that a rival has split into fields."""
    ids = {}
    for fields in records:
        if len(fields) != len(HEADER) or not fields[0] or fields[0] in ids:
            continue
        numbers = [field.strip(" \t") for field in fields[1:3]]
        if all(not n or (NUMBER.fullmatch(n) and abs(float(n)) != float("inf")) for n in numbers):
            ids[fields[0]] = True
    return list(ids)


FIELD = re.compile(rb'"(?:[^"]|"")*"|(?!")[^,\r\n]*')
LINE_END = re.compile(rb"\r\n|\n|\r|\Z")


def record(data, start):
    """The fields of the record at `start` and where its line end begins; None for a record that costs its line."""
    fields, at = [], start
    while True:
        field = FIELD.match(data, at)
        if not field:
            raise EOFError  # a quote that is never closed
        at = field.end()
        if data[at : at + 1] not in (b",", b"\n", b"\r", b""):
            return None, at
        text = field.group()
        fields.append(text[1:-1].replace(b'""', b'"') if text[:1] == b'"' else text)
        if data[at : at + 1] != b",":
            return (fields if len(fields) == len(HEADER) and b"\0" not in data[start:at] else None), at
        at += 1


def by_rules(data):
    """What must be accepted, by the rules alone."""
    records, at = [], 0
    while at < len(data):
        line_end = LINE_END.search(data, at)
        if line_end.start() == at:
            at = line_end.end()
            continue
        try:
            fields, end = record(data, at)
        except EOFError:
            line = len(re.findall(rb"\r\n|\n|\r", data[:at])) + 1
            return f"a quote is never closed, line {line}"
        if fields is None:
            at = line_end.end()
            continue
        try:
            records.append([field.decode() for field in fields])
        except UnicodeDecodeError:
            pass
        at = LINE_END.match(data, end).end()
    return accepted(records[1:])


def follows(ours, rules):
    """Whether an outcome of Stratum is that of the rules; an error must name the line."""
    if isinstance(ours, str) and isinstance(rules, str):
        message, place = rules.split(", ")
        return message in ours and f"{place}," in ours
    return ours == rules


def by_python(data):
    text = io.StringIO(data.decode("utf-8", "replace"), newline="")
    return accepted(list(fields for fields in csv.reader(text) if fields)[1:])


def by_duckdb(path):
    try:
        rows = duckdb.sql(
            f"select * from read_csv('{path}', header=true, all_varchar=true, auto_detect=false, delim=',', quote='\"', "
            "escape='\"', ignore_errors=true, nullstr='\\N', columns={'id':'VARCHAR','a':'VARCHAR','b':'VARCHAR','note':'VARCHAR'}, "
            "parallel=false)"
        ).fetchall()
    except duckdb.Error as error:
        return f"error: {str(error).splitlines()[0][:100]}"
    return accepted([[field or "" for field in row] for row in rows])


def by_stratum(stratum, plan, path, folder):
    process = subprocess.run(
        [stratum, "run", plan, path, "-o", folder, "--force", "--quiet", "--no-sync", "--max-rejects", "100%"],
        capture_output=True, text=True)
    if process.returncode != 0:
        return f"error: {process.stderr.strip()[:160]}"
    with open(pathlib.Path(folder) / "scores.csv", newline="", encoding="utf-8") as file:
        return [fields[0] for fields in csv.reader(file)][1:]


def first_difference(ours, theirs):
    if isinstance(ours, str) or isinstance(theirs, str):
        return f"stratum {ours if isinstance(ours, str) else len(ours)}, rival {theirs if isinstance(theirs, str) else len(theirs)}"
    missing, more = set(theirs) - set(ours), set(ours) - set(theirs)
    return f"stratum {len(ours)} rows, rival {len(theirs)}; rival only {sorted(missing)[:2]!r}, stratum only {sorted(more)[:2]!r}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stratum", default=str(ROOT / ".build" / "release" / "stratum"))
    options = parser.parse_args()
    generator = random.Random(options.seed)
    rivals = {"csv": PYTHON_DEPARTURES, **({"duckdb": DUCKDB_DEPARTURES} if duckdb else {})}
    files, same, lawful = collections.Counter(), collections.Counter(), collections.Counter()
    examples, failed = {}, False
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        plan = folder / "plan.yaml"
        plan.write_text(json.dumps({
            "version": 1, "input": {"id": "id"},
            "dimensions": [{"name": "d", "indicators": [{"name": "a"}, {"name": "b"}]}]}))
        for number in range(options.files):
            feature = FEATURES[number % len(FEATURES)]
            path = folder / "input.csv"
            data = generate(feature, options.rows, generator)
            path.write_bytes(data)
            ours = by_stratum(options.stratum, plan, path, folder / "out")
            files[feature] += 1
            rules = by_rules(data)
            lawful[feature] += follows(ours, rules)
            if not follows(ours, rules):
                examples.setdefault((feature, "rules"), first_difference(ours, rules))
            for rival, departures in rivals.items():
                theirs = by_python(data) if rival == "csv" else by_duckdb(path)
                if ours == theirs:
                    same[feature, rival] += 1
                    continue
                examples.setdefault((feature, rival), first_difference(ours, theirs))
                failed = failed or not departures.get(feature)
    for feature in FEATURES:
        if lawful[feature] < files[feature]:
            print(f"{feature:16} rules   {lawful[feature]} of {files[feature]} the same: {examples[feature, 'rules']}")
            failed = True
        for rival, departures in rivals.items():
            reason = departures.get(feature)
            verdict = f"{same[feature, rival]} of {files[feature]} the same"
            if (feature, rival) in examples:
                verdict += f"; {reason or 'MUST NOT DIFFER'}: {examples[feature, rival]}"
            elif reason and files[feature]:
                verdict += f"; LISTED AS DIFFERENT: {reason}"
                failed = True
            print(f"{feature:16} {rival:7} {verdict}")
    print(f"{sum(lawful.values())} of {sum(files.values())} files by the rules")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
