"""JSON-stat is read cell by cell as it was written, and what breaks the format is named."""

from __future__ import annotations

import copy
import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from pyjstat import pyjstat

from regionstudy.errors import DataError
from regionstudy.sources.jsonstat import decode, encode

if TYPE_CHECKING:
    from pathlib import Path

# File, and the part of a bundle where it is one. pyjstat takes seconds for the first two.
LARGE = [("jsonstat/A02Level.json", "A02Level"), ("jsonstat/CPI15.json", "CPI15")]
DATASETS = [
    ("jsonstat/cantabria.json", ""),
    ("jsonstat/galicia-2.0.json", ""),
    ("jsonstat/galicia-ds.json", ""),
    ("jsonstat/galicia.json", "dataset"),
    ("jsonstat/oecd-canada.json", "oecd"),
    ("jsonstat/oecd-canada.json", "canada"),
    ("jsonstat/ons.json", "ST1117EWla"),
    ("jsonstat/statswe.json", "dataset"),
    ("jsonstat/swift-demo_gind.json", ""),
    ("jsonstat/swift-nama_10_gdp.json", ""),
    ("jsonstat/us-labor-ds.json", ""),
    ("jsonstat/validator-canada.json", ""),
    ("jsonstat/validator-galicia.json", ""),
    ("jsonstat/validator-hierarchy.json", ""),
    ("jsonstat/validator-oecd.json", ""),
    ("pxweb1/response_fi.json", ""),
    ("pxweb1/response_gl.json", ""),
    ("pxweb1/response_no.json", ""),
    ("pxweb1/response_se.json", ""),
    ("pxweb2/TAB6471_data.json", ""),
    ("pxweb2/ropengov/data-35e0e2-5aec69-POST.json", ""),
]
REFUSED = [
    ("jsonstat/A02Level.json", r"bundle \(JSON-stat 1\) of A02Level.*json-stat2"),
    ("jsonstat/oecd-canada.json", "bundle .* of oecd, canada"),
    ("jsonstat/sample_data.json", "bundle .* of dataset"),
    ("jsonstat/collection.json", "class collection, which holds no figures"),
    ("jsonstat/validator-index.json", "class collection"),
    ("jsonstat/dimension.json", "class dimension, which holds no figures"),
    ("jsonstat/validator-usstates.json", "class dimension"),
    ("jsonstat/validator-order.json", r"cell 0 \(A 1, B 1, C 1\) is 'A1B1C1', not a number"),
    (
        "pxweb2/TAB6471_metadata.json",
        r"0 entries, and size says 312 x 134 x 3 x 1 x 16 = 2006784.*description",
    ),
    ("pxweb2/MetadataById_tab001_js2.json", "description"),
    ("pxweb2/MetadataById_tab003_js2.json", "description"),
    ("pxweb2/MetadataById_tab004_js2.json", "description"),
]


def _small(**changes: Any) -> dict[str, Any]:
    """Make a table of two regions and two years; a change of None takes a key away."""
    body = {
        "version": "2.0",
        "class": "dataset",
        "id": ["Region", "Tid"],
        "size": [2, 2],
        "dimension": {
            "Region": {
                "label": "region",
                "category": {
                    "index": {"2281": 0, "22": 1},
                    "label": {"22": "Västernorrlands län", "2281": "Sundsvall"},
                },
            },
            "Tid": {"label": "år", "category": {"index": ["2023", "2024"]}},
        },
        "value": [99.5, None, 3, 4],
        "status": {"1": ".."},
    } | changes
    return {key: part for key, part in body.items() if part is not None}


def _frame(values: list[float], status: list[str]) -> pd.DataFrame:
    """Lay out the cells of `_small` by hand."""
    return pd.DataFrame(
        {
            "Region": pd.Categorical(["2281", "2281", "22", "22"], categories=["2281", "22"]),
            "Tid": pd.Categorical(["2023", "2024", "2023", "2024"]),
            "value": np.array(values, dtype="float64"),
            "status": pd.Categorical(status, categories=sorted({"", *status})),
        }
    )


def _same(frame: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert_frame_equal(frame.astype({"status": "str"}), expected.astype({"status": "str"}))


@pytest.mark.parametrize(("file", "part"), DATASETS)
def test_each_recorded_dataset_is_as_an_independent_decoder_reads_it(
    recordings: Path, file: str, part: str
) -> None:
    body = orjson.loads((recordings / file).read_bytes())
    body = body[part] if part else body
    frame = decode(orjson.dumps(body))

    theirs = copy.deepcopy(body)
    for dimension in theirs["dimension"].values():  # pyjstat cannot do without an index
        if isinstance(dimension, dict) and "index" not in dimension.get("category", {"index": 0}):
            dimension["category"]["index"] = list(dimension["category"]["label"])
    expected = pyjstat.generate_df(theirs, "id")

    assert list(frame.columns) == [*expected.columns, "status"]
    for column in expected.columns[:-1]:
        assert frame[column].tolist() == expected[column].tolist()
    np.testing.assert_array_equal(frame["value"], expected["value"].astype("float64"))


@pytest.mark.parametrize(("file", "part"), LARGE + DATASETS)
def test_each_recorded_dataset_is_as_its_codes_are_crossed_by_hand(
    recordings: Path, file: str, part: str
) -> None:
    body = orjson.loads((recordings / file).read_bytes())
    body = body[part] if part else body
    frame = decode(body)
    ids = body.get("id", body["dimension"].get("id"))
    codes = []
    for id_ in ids:
        category = body["dimension"][id_]["category"]
        index = category.get("index", category.get("label"))
        codes.append(sorted(index, key=index.get) if isinstance(index, dict) else index)
    by_hand = list(itertools.product(*codes))
    assert list(zip(*(frame[id_].tolist() for id_ in ids), strict=True)) == by_hand
    value = body["value"]
    if isinstance(value, dict):
        value = [value.get(str(cell)) for cell in range(len(by_hand))]
    np.testing.assert_array_equal(frame["value"], np.array(value, dtype="float64"))


@pytest.mark.parametrize(("file", "part"), LARGE + DATASETS)
def test_each_recorded_status_lands_on_its_cell(recordings: Path, file: str, part: str) -> None:
    body = orjson.loads((recordings / file).read_bytes())
    body = body[part] if part else body
    status = body.get("status", {})
    every = status[0] if isinstance(status, list) else ""
    marked = status if isinstance(status, dict) else {}
    frame = decode(body)
    assert frame["status"].tolist() == [marked.get(str(cell), every) for cell in frame.index]


@pytest.mark.parametrize(("file", "part"), LARGE + DATASETS)
def test_each_recorded_dataset_survives_the_round_trip(
    recordings: Path, file: str, part: str
) -> None:
    body = orjson.loads((recordings / file).read_bytes())
    frame = decode(body[part] if part else body)
    again = decode(encode(frame))
    assert again.equals(frame)
    assert again.dtypes.equals(frame.dtypes)
    assert again.attrs == frame.attrs


@pytest.mark.parametrize(("file", "problem"), REFUSED)
def test_what_is_no_dataset_of_figures_is_refused_by_name(
    recordings: Path, file: str, problem: str
) -> None:
    with pytest.raises(DataError, match=problem):
        decode((recordings / file).read_bytes())


def test_the_bundle_of_the_ons_holds_a_part_whose_sizes_do_not_fit(recordings: Path) -> None:
    body = orjson.loads((recordings / "jsonstat/QS104EW.json").read_bytes())
    with pytest.raises(DataError, match="size does not have one entry for each of the ids"):
        decode(body["QS104EW"])


def test_the_example_of_the_specification_contradicts_itself_and_is_refused(
    recordings: Path,
) -> None:
    text = (recordings / "pxweb2/dataset-meta.yml").read_text(encoding="utf-8")
    example = yaml.safe_load(text)["dataset-meta"]["value"]
    ages = len(example["dimension"]["Alder"]["category"]["index"])
    assert example["size"][2] == 1 < ages
    with pytest.raises(DataError, match=f"dimension Alder has {ages} categories.* size says 1"):
        decode(example)


def test_the_example_of_the_specification_is_read_as_a_hand_lays_it_out(recordings: Path) -> None:
    text = (recordings / "pxweb2/dataset-meta.yml").read_text(encoding="utf-8")
    example = yaml.safe_load(text)["dataset-meta"]["value"]
    # The sizes put right, and each cell given its own number.
    sizes = [len(example["dimension"][id_]["category"]["index"]) for id_ in example["id"]]
    cells = math.prod(sizes)
    example |= {"size": sizes, "value": list(range(cells)), "status": {"0": "."}}
    frame = decode(example)
    assert len(frame) == cells
    regions = example["dimension"]["Region"]["category"]["index"]
    ages = example["dimension"]["Alder"]["category"]["index"]
    cell = frame.query(
        "Region == '0114' and Civilstand == 'SK' and Alder == '7' and Kon == '2' "
        "and ContentsCode == 'BE0101N2'"
    )
    by_hand = ((((regions["0114"] * 4 + 2) * len(ages) + ages["7"]) * 2 + 1) * 2 + 1) * 1 + 0
    assert cell["value"].tolist() == [by_hand]
    assert frame.attrs["labels"]["Civilstand"]["ÄNKL"] == "änkor/änklingar"
    assert frame.attrs["units"]["ContentsCode"]["BE0101N1"] == {"base": "antal", "decimals": 0}


def test_scb_population_is_the_recorded_one(recordings: Path) -> None:
    frame = decode((recordings / "pxweb2/TAB6471_data.json").read_bytes())
    body = orjson.loads((recordings / "pxweb2/TAB6471_data.json").read_bytes())
    assert frame.shape == (21 * 11 * 3 * 1 * 4, 7)
    assert frame["value"].sum() == sum(body["value"])
    assert frame.attrs["updated"] == body["updated"]
    assert frame.attrs["roles"] == {"time": ["Tid"], "metric": ["ContentsCode"]}
    assert frame.attrs["notes"] == body["note"]


def test_greenland_says_nothing_to_report_and_the_value_stays_missing(recordings: Path) -> None:
    frame = decode((recordings / "pxweb1/response_gl.json").read_bytes())
    nothing = frame[frame["status"] == "-"]
    assert len(nothing) == 11
    assert nothing["value"].isna().all()
    assert not (frame["value"].isna() & (frame["status"] != "-")).any()


def test_cells_run_by_the_last_dimension_first_and_codes_are_the_key() -> None:
    frame = decode(_small())
    _same(frame, _frame([99.5, np.nan, 3, 4], ["", "..", "", ""]))
    assert frame["value"].dtype == "float64"
    assert frame["status"].cat.categories.tolist() == ["", ".."]


@pytest.mark.parametrize("kind", ["bytes", "str", "dict"])
def test_bytes_text_and_parsed_are_read_alike(kind: str) -> None:
    body = _small()
    payload = {"bytes": orjson.dumps(body), "str": orjson.dumps(body).decode(), "dict": body}[kind]
    _same(decode(payload), decode(_small()))


def test_a_byte_order_mark_before_the_text_is_passed_over() -> None:
    text = orjson.dumps(_small())
    _same(decode(b"\xef\xbb\xbf" + text), decode(text))
    _same(decode("\ufeff" + text.decode()), decode(text))


def test_more_symbols_than_a_byte_counts_are_told_apart() -> None:
    symbols = [f"s{number:03}" for number in range(300)]
    index = [str(number) for number in range(300)]
    body = _small(
        id=["Tid"],
        size=[300],
        dimension={"Tid": {"category": {"index": index}}},
        value=[1] * 300,
        status=symbols,
    )
    assert decode(body)["status"].tolist() == symbols


def test_a_parsed_payload_is_left_as_it_was() -> None:
    body = _small()
    decode(body)
    assert body == _small()


@pytest.mark.parametrize(
    ("value", "status", "expected", "symbols"),
    [
        ({"0": 1, "3": 2.5}, None, [1, np.nan, np.nan, 2.5], ["", "", "", ""]),
        ({}, {"2": "-"}, [np.nan] * 4, ["", "", "-", ""]),
        ({"3": 4, "1": None, "0": 1}, None, [1, np.nan, np.nan, 4], ["", "", "", ""]),
        ([1, 2, 3, 4], "p", [1, 2, 3, 4], ["p"] * 4),
        ([1, 2, 3, 4], ["p"], [1, 2, 3, 4], ["p"] * 4),
        ([1, None, 3, 4], ["", "..", None, "r"], [1, np.nan, 3, 4], ["", "..", "", "r"]),
        ([1, 2, 3, 4], {}, [1, 2, 3, 4], [""] * 4),
        ([1, 2, 3, 4], {"2": "p", "0": "p"}, [1, 2, 3, 4], ["p", "", "p", ""]),
        ([None] * 4, None, [np.nan] * 4, [""] * 4),
        ([0, 1, 0.0, 1.0], None, [0, 1, 0, 1], [""] * 4),
    ],
)
def test_dense_and_sparse_values_and_every_form_of_status(
    value: Any, status: Any, expected: list[float], symbols: list[str]
) -> None:
    _same(decode(_small(value=value, status=status)), _frame(expected, symbols))


def test_a_symbol_on_a_published_value_is_kept_beside_it() -> None:
    frame = decode(_small(value=[1, 2, 3, 4], status={"3": "r", "0": "p"}))
    _same(frame, _frame([1, 2, 3, 4], ["p", "", "", "r"]))


def test_more_cells_than_a_chunk_are_all_in_their_place() -> None:
    value: list[Any] = [cell if cell % 3 else cell + 0.5 for cell in range(25_001)]
    value[12_345] = None  # without a symbol, so that one chunk takes the slow way
    value[24_000] = None
    body = _small(
        id=["Tid"],
        size=[25_001],
        dimension={"Tid": {"category": {"index": [str(cell) for cell in range(25_001)]}}},
        value=value,
        status={"24000": "..", "7": "p"},
    )
    frame = decode(body)
    np.testing.assert_array_equal(frame["value"], np.array(value, dtype="float64"))
    assert frame["status"].tolist() == [
        {24_000: "..", 7: "p"}.get(cell, "") for cell in range(25_001)
    ]
    assert frame["Tid"].tolist() == [str(cell) for cell in range(25_001)]


def test_a_dataset_without_dimensions_is_one_cell() -> None:
    frame = decode({"class": "dataset", "id": [], "size": [], "dimension": {}, "value": [7]})
    assert list(frame.columns) == ["value", "status"]
    assert frame["value"].tolist() == [7.0]
    assert_frame_equal(decode(encode(frame)), frame)


def test_an_empty_dimension_gives_no_rows_but_all_columns() -> None:
    body = _small(value=[], status=None, size=[2, 0])
    body["dimension"]["Tid"]["category"]["index"] = []
    frame = decode(body)
    assert list(frame.columns) == ["Region", "Tid", "value", "status"]
    assert len(frame) == 0
    assert_frame_equal(decode(encode(frame)), frame)


def test_the_index_gives_the_order_and_not_the_labels() -> None:
    frame = decode(_small())
    assert frame["Region"].cat.categories.tolist() == ["2281", "22"]
    assert frame.attrs["labels"]["Region"] == {"2281": "Sundsvall", "22": "Västernorrlands län"}


def test_a_single_category_may_lack_its_index() -> None:
    body = _small(size=[2, 1], value=[1, 2], status=None)
    body["dimension"]["Tid"]["category"] = {"label": {"2024": "2024"}}
    assert decode(body)["Tid"].tolist() == ["2024", "2024"]


def test_a_code_without_a_label_stands_for_itself() -> None:
    body = _small()
    del body["dimension"]["Region"]["category"]["label"]["2281"]
    labels = decode(body).attrs["labels"]
    assert labels["Region"] == {"2281": "2281", "22": "Västernorrlands län"}
    assert labels["Tid"] == {"2023": "2023", "2024": "2024"}


def test_two_dimensions_may_share_a_label() -> None:
    body = _small()
    body["dimension"]["Tid"]["label"] = "region"
    frame = decode(body)
    assert list(frame.columns[:2]) == ["Region", "Tid"]
    assert frame.attrs["dimension_labels"] == {"Region": "region", "Tid": "region"}


def test_sizes_may_be_texts_and_ids_may_stand_inside_dimension() -> None:
    body = _small(id=None, size=None)
    body["dimension"] |= {"id": ["Region", "Tid"], "size": ["2", "2"]}
    _same(decode(body), decode(_small()))


def test_what_is_said_of_the_dataset_rides_along() -> None:
    body = _small(
        label="Folkmängd",
        source="SCB",
        updated="2026-02-20T07:00:00Z",
        note=["Brus från 2025.\r\nSumma ≠ delar."],
        role={"time": ["Tid"]},
        extension={"px": {"tableid": "TAB6471"}},
    )
    body["dimension"]["Region"]["category"] |= {
        "unit": {"22": {"base": "antal", "decimals": 0}},
        "note": {"2281": ["Sammanslagen 1974"]},
        "child": {"22": ["2281"]},
    }
    body["dimension"]["Tid"] |= {"note": ["År"], "extension": {"elimination": False}}
    attrs = decode(body).attrs
    assert attrs == {
        "label": "Folkmängd",
        "source": "SCB",
        "updated": "2026-02-20T07:00:00Z",
        "href": "",
        "roles": {"time": ["Tid"]},
        "notes": ["Brus från 2025.\r\nSumma ≠ delar."],
        "extension": {"px": {"tableid": "TAB6471"}},
        "labels": {
            "Region": {"2281": "Sundsvall", "22": "Västernorrlands län"},
            "Tid": {"2023": "2023", "2024": "2024"},
        },
        "units": {"Region": {"22": {"base": "antal", "decimals": 0}}, "Tid": {}},
        "category_notes": {"Region": {"2281": ["Sammanslagen 1974"]}, "Tid": {}},
        "children": {"Region": {"22": ["2281"]}, "Tid": {}},
        "dimension_labels": {"Region": "region", "Tid": "år"},
        "dimension_notes": {"Region": [], "Tid": ["År"]},
        "dimension_extensions": {"Region": {}, "Tid": {"elimination": False}},
    }


def _category(**changes: Any) -> dict[str, Any]:
    body = _small()
    body["dimension"]["Region"]["category"] |= changes
    return body


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (_small(value=["99", None, 3, 4]), r"cell 0 \(Region 2281, Tid 2023\) is '99', not a num"),
        (_small(value=[1, None, 3, "12"]), r"cell 3 \(Region 22, Tid 2024\) is '12'"),
        (_small(value=[1, "..", 3, 4]), r"cell 1 \(Region 2281, Tid 2024\) is '\.\.', not a"),
        (_small(value={"2": "3"}), r"cell 2 \(Region 22, Tid 2023\) is '3'"),
        (_small(value=[1, None, True, 4]), r"cell 2 .* is True, not a number"),
        (_small(value=[1.5, None, 3, False]), r"cell 3 .* is False, not a number"),
        (_small(value=[1, None, float("nan"), 4]), r"cell 2 .* is nan, not a .* must be null"),
        (_small(value=[1, None, math.inf, 4]), r"cell 2 .* is inf, not a number"),
        (_small(value=[1.5, None, 10**400, 4]), r"cell 2 .* is 1000"),
        (_small(value=[None, 10**400, 3, 4], status=None), r"cell 1 .* is 1000"),
        (_small(value=[1, None, [3], 4]), r"cell 2 .* is \[3\], not a number"),
        (_small(value=[1, 2, 3]), r"value has 3 entries, and size says 2 x 2 = 4. .* not whole"),
        (_small(value=[1, 2, 3, 4, 5]), "value has 5 entries"),
        (_small(value=[]), "value has 0 entries.*description"),
        (_small(value="1"), "value is neither an array nor an object"),
        (_small(value=None), "the dataset has no value; it has version, class, id, size"),
        (_small(value={"4": 1}), r'value has the key "4", and the cells are numbered 0 to 3'),
        (_small(value={"-1": 1}), r'value has the key "-1"'),
        (_small(value={"x": 1}), r'value has the key "x"'),
        (_small(value={"1": 1, "01": 2}), "value names a cell twice"),
        (_small(status={"4": ".."}), r'status has the key "4"'),
        (_small(status={"one": ".."}), r'status has the key "one"'),
        (_small(status=["a", "b"]), "status has 2 entries for 4 cells; 1 or 4 may be"),
        (_small(status={"1": 7}), r"status of cell 1 \(Region 2281, Tid 2024\) is 7, not a text"),
        (_small(status=["", 7, "", ""]), r"status of cell 1 .* is 7, not a text"),
        (_small(status=7), "status is neither a text, an array nor an object"),
        (_small(size=[2, 3]), "dimension Tid has 2 categories, and its size says 3"),
        (_small(size=[4]), "size does not have one entry for each of the ids"),
        (_small(id="Region"), "id is not a list of dimension ids"),
        (_small(id=["Region", "Region"]), "the dimension Region stands twice in id"),
        (_small(id=["Region", "År"]), "dimension År stands in id and is not described"),
        (_small(dimension=[]), "dimension is not an object"),
        (_small(dimension={"Region": {}, "Tid": {}}), "dimension Region has no category"),
        (_small(role="x"), "role is not an object"),
        (_small(role=["x"]), "role is not an object"),
        (_small(role={"time": None}), "role time is not a list of dimension ids"),
        (_small(extension="x"), "extension is not an object"),
        (_category(unit={"22": "antal"}), "dimension Region: unit of 22 is not an object"),
        (_category(child={"22": "2281"}), "dimension Region: child of 22 is not an array"),
        (_category(index={"2281": 0.9, "22": 1}), "a position in index is no number"),
        (_category(index=["22", None]), "a category in index is no code"),
        (_small(role={"time": ["År"]}), "role time names År, which id has not"),
        (_category(index=["22", "22"]), "dimension Region has the category 22 twice"),
        (_category(index={"2281": 1, "22": 2}), "positions in index are not 0 to 1"),
        (_category(index={"2281": "a", "22": 1}), "a position in index is no number"),
        (_category(index="22"), "index is neither an array nor an object"),
        (_category(index=None), "dimension Region has no index"),
        (_category(label={"99": "?"}), "label names the categories 99, which index has not"),
        (_category(unit=["antal"]), "dimension Region: unit is not an object"),
    ],
)
def test_what_breaks_the_format_is_named(body: dict[str, Any], problem: str) -> None:
    with pytest.raises(DataError, match=problem):
        decode(body)


def test_a_whole_number_beyond_a_float_is_the_nearest_one() -> None:
    # 2**53 + 1 lies between two floats, and the even one is 2**53.
    for value in ([1, None, 2**53 + 1, 4], {"0": 1, "2": 2**53 + 1, "3": 4}):
        assert decode(_small(value=value))["value"].fillna(-1).tolist() == [1, -1, 2.0**53, 4]


@pytest.mark.parametrize("payload", [5, None, ["dataset"]])
def test_what_is_neither_a_text_nor_an_object_is_refused(payload: Any) -> None:
    with pytest.raises(DataError, match="read from bytes, a text or a dict, and this is a"):
        decode(payload)


def test_a_dimension_named_as_a_column_of_results_is_refused() -> None:
    body = _small(id=["Region", "value"])
    body["dimension"]["value"] = body["dimension"]["Tid"]
    with pytest.raises(DataError, match='a dimension is called "value"'):
        decode(body)


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        (orjson.dumps(_small())[:-20], "broken JSON: .*line 1 column"),
        (b'{"value": [NaN]}', "broken JSON"),
        (b"<html></html>", "broken JSON"),
        (b"", "broken JSON"),
        (b"[1, 2]", "a dataset is an object, and this is a list"),
    ],
)
def test_a_text_that_is_no_json_object_is_refused(payload: bytes, problem: str) -> None:
    with pytest.raises(DataError, match=problem):
        decode(payload)


def test_an_encoded_table_is_dense_with_a_sparse_status() -> None:
    body = orjson.loads(encode(decode(_small())))
    assert body["value"] == [99.5, None, 3.0, 4.0]
    assert body["status"] == {"1": ".."}
    assert "status" not in orjson.loads(encode(decode(_small(value=[1, 2, 3, 4], status=None))))


def test_the_order_of_rows_is_irrelevant_and_an_absent_row_becomes_null() -> None:
    frame = decode(_small(value=[1, 2, 3, 4], status={"3": "p"}))
    assert encode(frame.iloc[::-1]) == encode(frame)
    _same(decode(encode(frame.drop(index=1))), _frame([1, np.nan, 3, 4], ["", "", "", "p"]))


def test_a_frame_that_lost_codes_and_columns_is_encoded_without_what_was_said_of_them() -> None:
    body = _small(role={"time": ["Tid"]})
    body["dimension"]["Region"]["category"] |= {"note": {"22": ["Län"]}, "unit": {"22": {}}}
    frame = decode(body)
    fewer = frame[frame["Region"] == "2281"].drop(columns="Region")
    fewer["Tid"] = fewer["Tid"].cat.remove_unused_categories()
    again = decode(encode(fewer[fewer["Tid"] == "2023"].assign(Tid="2023")))
    assert again["value"].tolist() == [99.5]
    one = frame[frame["Region"] == "2281"].assign(Region="2281")
    assert decode(encode(one)).attrs["labels"]["Region"] == {"2281": "Sundsvall"}


def test_codes_as_text_keep_the_order_of_appearance() -> None:
    frame = decode(_small())
    text = frame.astype({"Region": "str", "Tid": "str", "status": "str"})
    _same(decode(encode(text)), frame)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda frame: frame.drop(columns="status"), "needs the column status; it has .*Region"),
        (lambda frame: pd.concat([frame, frame.head(1)]), "same cell: the same Region, Tid"),
        (lambda frame: frame.assign(value=math.inf), "a value of the frame is infinite"),
        (lambda frame: frame.assign(value="ett"), "column value .* holds what is no number: .*ett"),
        (lambda frame: frame.assign(Tid=None), "The column Tid has rows without a code"),
    ],
)
def test_a_frame_that_is_no_table_is_not_encoded(change: Any, problem: str) -> None:
    with pytest.raises(DataError, match=f"(?i){problem}"):
        encode(change(decode(_small())))


_WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
_SYMBOLS = st.sampled_from(["", "", "..", ".", "-", "p", "r"])


@st.composite
def _tables(draw: st.DrawFn) -> pd.DataFrame:
    """Draw a frame as `decode` gives it, of no to four dimensions."""
    ids = draw(
        st.lists(_WORDS.filter(lambda id_: id_ not in ("value", "status")), max_size=4, unique=True)
    )
    codes = {id_: draw(st.lists(_WORDS, max_size=4, unique=True)) for id_ in ids}
    cells = math.prod(len(of) for of in codes.values())
    number = st.floats(allow_infinity=False) | st.integers(-(2**53), 2**53).map(float)
    values = draw(st.lists(number, min_size=cells, max_size=cells))
    status = draw(st.lists(_SYMBOLS, min_size=cells, max_size=cells))
    rows = pd.MultiIndex.from_product(list(codes.values())) if ids else [()] * cells
    frame = pd.DataFrame(
        {
            **{
                id_: pd.Categorical(
                    [row[at] for row in rows], categories=pd.Index(codes[id_], dtype="str")
                )
                for at, id_ in enumerate(ids)
            },
            "value": np.array(values, dtype="float64"),
            "status": pd.Categorical(
                status, categories=pd.Index(["", *sorted(set(status) - {""})], dtype="str")
            ),
        }
    )
    frame.attrs = {
        **{key: draw(_WORDS) for key in ("label", "source", "updated", "href")},
        "roles": draw(st.just({}) | st.just({"time": ids[:1]})),
        "notes": draw(st.lists(_WORDS, max_size=2)),
        "extension": draw(st.dictionaries(_WORDS, _WORDS, max_size=2)),
        "labels": {id_: {code: draw(_WORDS) for code in codes[id_]} for id_ in ids},
        "units": {id_: {code: {"base": draw(_WORDS)} for code in codes[id_][:1]} for id_ in ids},
        "category_notes": {id_: {code: ["Not"] for code in codes[id_][1:2]} for id_ in ids},
        "children": {id_: {} for id_ in ids},
        "dimension_labels": {id_: draw(_WORDS) or id_ for id_ in ids},
        "dimension_notes": {id_: draw(st.lists(_WORDS, max_size=1)) for id_ in ids},
        "dimension_extensions": {id_: {} for id_ in ids},
    }
    return frame


@settings(deadline=None, max_examples=60)  # the machine may be busy
@given(frame=_tables())
def test_decoding_what_was_encoded_gives_the_same_table(frame: pd.DataFrame) -> None:
    again = decode(encode(frame))
    assert_frame_equal(again, frame)
    assert again.attrs == frame.attrs


@settings(deadline=None, max_examples=40)
@given(frame=_tables(), seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_change_what_is_encoded(frame: pd.DataFrame, seed: int) -> None:
    assert encode(frame.sample(frac=1, random_state=seed)) == encode(frame)
