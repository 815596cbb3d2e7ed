"""The Zoo data set, R. Forsyth, UCI Machine Learning Repository, CC BY 4.0, in three states."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

SOURCE = Path(__file__).with_name("zoo.csv")
SEED = 41
TEST_SHARE = 0.2


@dataclass(frozen=True)
class State:
    """What is logged as one version: files by name, what they hold, in words and numbers."""

    files: dict[str, BinaryIO]
    description: str
    metadata: dict[str, Any]


def as_published() -> State:
    rows = _rows()
    return State(
        _features_and_labels("zoo", rows),
        "The table as published, features and labels in two files.",
        _metadata(rows),
    )


def cleaned() -> State:
    """Without the girl, and with the two frogs told apart: names identify rows afterwards."""
    rows = _cleaned_rows()
    return State(
        _features_and_labels("zoo", rows),
        "Two rows named *frog* told apart, *girl* left out. Names are unique now.",
        _metadata(rows) | {"removed": ["girl"], "renamed": {"frog": ["frog", "venomous frog"]}},
    )


def split() -> State:
    """The cleaned table, a fifth of it kept for testing. The same rows at every call."""
    rows = _cleaned_rows()
    random.Random(SEED).shuffle(rows)  # noqa: S311 a split, not a secret
    border = round(len(rows) * TEST_SHARE)
    test, train = rows[:border], rows[border:]
    return State(
        _features_and_labels("train", train) | _features_and_labels("test", test),
        "The cleaned table with a fixed split for training and testing.",
        _metadata(rows) | {"split": {"train": len(train), "test": len(test), "seed": SEED}},
    )


def _rows() -> list[dict[str, str]]:
    with SOURCE.open(newline="") as file:
        return list(csv.DictReader(file))


def _cleaned_rows() -> list[dict[str, str]]:
    rows = [row for row in _rows() if row["animalname"] != "girl"]
    for row in rows:
        if row["animalname"] == "frog" and row["venomous"] == "1":
            row["animalname"] = "venomous frog"
    return rows


def _features_and_labels(prefix: str, rows: list[dict[str, str]]) -> dict[str, BinaryIO]:
    features = [name for name in rows[0] if name != "type"]
    return {
        f"{prefix}_features.csv": _table(rows, features),
        f"{prefix}_labels.csv": _table(rows, ["animalname", "type"]),
    }


def _table(rows: list[dict[str, str]], columns: list[str]) -> BinaryIO:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def _metadata(rows: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "rows": len(rows),
        "features": len(rows[0]) - 2,
        "classes": len({row["type"] for row in rows}),
        "source": "Zoo, R. Forsyth, UCI Machine Learning Repository",
        "license": "CC BY 4.0",
    }
