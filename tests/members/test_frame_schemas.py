"""What the reader of cells lets through by mistake, the schemas stop."""

from __future__ import annotations

import pandera.errors
import pytest

from regionstudy.members import load
from regionstudy.members.frame_schemas import empty_frame, frame_schema, typed_frame
from regionstudy.members.schema import sheets


@pytest.fixture(scope="module")
def example(repository):
    return load(repository / "data/members/example.xlsx")


def test_the_examples_tables_and_empty_ones_fit(example):
    for name, sheet in sheets().items():
        frame_schema(name).validate(example.table(name))
        assert empty_frame(sheet).dtypes.equals(example.table(name).dtypes)


@pytest.mark.parametrize(
    ("sheet", "column", "value"),
    [
        ("staff", "municipality", "9999"),
        ("staff", "occupation", "2599"),
        ("staff", "age_band", "31-39"),
        ("staff", "headcount", -1),
        ("staff", "year", 1066),
        ("staff", "org_id", None),
        ("assignments", "remote_share", 1.5),
        ("mobility", "from_region", "22810"),
        ("mobility", "returned", "maybe"),
        ("programmes", "education", "471"),
        ("programmes", "stayed", 1000),
        ("contributions", "kind", "sold"),
        ("organisations", "fee", -1.0),
    ],
)
def test_a_value_out_of_its_schema_is_stopped(example, sheet, column, value):
    frame = example.table(sheet).astype({column: object})
    frame.loc[0, column] = value
    with pytest.raises((pandera.errors.SchemaErrors, TypeError, ValueError)):
        typed_frame(frame, sheets()[sheet])


def test_a_key_given_twice_and_a_column_too_many_are_stopped(example):
    networks = example.networks
    networks.loc[1, "network_id"] = networks.loc[0, "network_id"]
    with pytest.raises(pandera.errors.SchemaErrors, match="network_id"):
        typed_frame(networks, sheets()["networks"])
    with pytest.raises(pandera.errors.SchemaErrors, match="colour"):
        frame_schema("networks").validate(example.networks.assign(colour="red"), lazy=True)
