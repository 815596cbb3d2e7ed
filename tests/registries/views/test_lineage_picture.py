"""Labels in the picture of a lineage: within their boxes, with their versions."""

from __future__ import annotations

import pytest

from registries.views.lineage_picture import LONGEST_LABEL, fitting

NAMES = ["データセット" * 20, "W" * 106, "MODEL_" * 17, "\N{FOX FACE}" * 30, "zoo-dataset-" * 9]


@pytest.mark.parametrize("name", NAMES)
def test_a_long_label_ends_with_its_version(name):
    label = fitting(f"{name}:v1234", LONGEST_LABEL)
    assert label.endswith(":v1234")
    assert label.startswith(name[:2])
    assert "…" in label


def test_wide_letters_count_double():
    assert fitting("田" * 12, LONGEST_LABEL) == "田" * 12
    assert fitting("田" * 13, LONGEST_LABEL) == "田" * 5 + "…" + "田" * 6
    assert fitting("e\u0301" * 25, LONGEST_LABEL) == "e\u0301" * 25


def test_a_short_label_is_whole():
    assert fitting("Zoo_Classifier_Models:v1", LONGEST_LABEL) == "Zoo_Classifier_Models:v1"
