#!/usr/bin/env python3
"""Checks what ./quickstart printed, with nothing of Bursar's: stock XGBoost loads the model, predicts the held-out
rows, and the score is computed here from the predictions.

    pip install xgboost
    python3 examples/check.py .bursar/quickstart
"""

import csv
import math
import pathlib
import sys
import tarfile
import tempfile

import xgboost

TOLERANCE = 1e-6


def auc(labels, predictions):
    """The share of pairs, one of each class, that are in the right order; a tie counts half."""
    order = sorted(range(len(labels)), key=lambda row: predictions[row])
    ranks, start = [0.0] * len(labels), 0
    while start < len(order):
        end = start
        while end < len(order) and predictions[order[end]] == predictions[order[start]]:
            end += 1
        for row in order[start:end]:
            ranks[row] = (start + 1 + end) / 2
        start = end
    positive = sum(1 for label in labels if label == 1)
    negative = len(labels) - positive
    total = sum(rank for rank, label in zip(ranks, labels) if label == 1)
    return (total - positive * (positive + 1) / 2) / (positive * negative)


def rmse(labels, predictions):
    return math.sqrt(sum((p - y) ** 2 for y, p in zip(labels, predictions)) / len(labels))


def mlogloss(labels, predictions):
    return -sum(math.log(max(row[int(y)], 1e-16)) for y, row in zip(labels, predictions)) / len(labels)


def load(archive):
    with tarfile.open(archive) as tar:
        content = tar.extractfile("xgboost-model").read()
    suffix = ".json" if content[1:2] in (b'"', b"\n", b" ") else ".ubj"
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(content)
        file.flush()
        return xgboost.Booster(model_file=file.name)


def main(folder):
    settings = dict(line.split("=", 1) for line in (folder / "settings").read_text().splitlines())
    rows = list(csv.reader((folder / "validation.csv").open()))
    labels = [float(row[0]) for row in rows]
    features = [[float(cell) if cell.strip() else math.nan for cell in row[1:]] for row in rows]
    predictions = load(folder / "model.tar.gz").predict(xgboost.DMatrix(features)).tolist()
    printed = float((folder / "score").read_text())
    computed = {"auc": auc, "rmse": rmse, "mlogloss": mlogloss}[settings["metric"]](labels, predictions)
    print(f"{settings['metric']}: {printed:.6f} printed, {computed:.6f} by XGBoost {xgboost.__version__}"
          f" on {len(rows)} rows")
    return 0 if abs(printed - computed) <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".bursar/quickstart")))
