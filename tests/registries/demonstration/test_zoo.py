"""The Zoo data: three states that really differ, the same at every call."""

from __future__ import annotations

import csv
import io

from registries.demonstration import zoo


def rows_of(state, name):
    return list(csv.DictReader(io.StringIO(state.files[name].getvalue().decode())))


def test_the_table_as_published_has_101_animals_16_features_and_7_classes():
    state = zoo.as_published()
    features, labels = rows_of(state, "zoo_features.csv"), rows_of(state, "zoo_labels.csv")
    assert len(features) == len(labels) == 101
    assert len(features[0]) - 1 == state.metadata["features"] == 16
    assert len({row["type"] for row in labels}) == state.metadata["classes"] == 7
    assert "type" not in features[0]
    assert [row["animalname"] for row in features] == [row["animalname"] for row in labels]


def test_in_the_cleaned_table_names_are_unique():
    features = rows_of(zoo.cleaned(), "zoo_features.csv")
    names = [row["animalname"] for row in features]
    assert len(names) == len(set(names)) == 100
    assert "girl" not in names
    assert {"frog", "venomous frog"} <= set(names)


def test_the_split_shares_the_cleaned_table_between_training_and_test():
    state = zoo.split()
    train, test = (
        {row["animalname"] for row in rows_of(state, f"{part}_features.csv")}
        for part in ("train", "test")
    )
    cleaned = {row["animalname"] for row in rows_of(zoo.cleaned(), "zoo_features.csv")}
    assert (len(train), len(test)) == (80, 20)
    assert train | test == cleaned
    assert not train & test


def test_every_call_gives_the_same_bytes():
    for state in (zoo.as_published, zoo.cleaned, zoo.split):
        first, second = state().files, state().files
        assert {name: file.getvalue() for name, file in first.items()} == {
            name: file.getvalue() for name, file in second.items()
        }


def test_the_data_says_where_it_comes_from():
    for state in (zoo.as_published(), zoo.cleaned(), zoo.split()):
        assert state.metadata["license"] == "CC BY 4.0"
        assert "UCI" in state.metadata["source"]
    attribution = zoo.SOURCE.with_name("ATTRIBUTION.md").read_text()
    assert "CC BY 4.0" in attribution
