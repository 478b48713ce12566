"""An index end to end, against COINr's standard example."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.composite import build_index

RELATIVE = 1e-9  # the oracle's own tolerance (MANIFEST.md)


def test_asem_example_is_reproduced_from_raw_values_to_ranks(asem, structure):
    index = build_index(asem("04_Screened"), structure)
    for ours, name in (
        (index.treated, "05_Treated"),
        (index.normalised, "06_Normalised"),
        (index.scores, "07_Aggregated"),
    ):
        expected = asem(name)
        np.testing.assert_allclose(
            ours.loc[expected.index, expected.columns], expected, rtol=RELATIVE, atol=1e-12
        )
    ranks = asem("08_results_ranks")
    pd.testing.assert_frame_equal(
        index.ranks.loc[ranks.index, ranks.columns], ranks, check_dtype=False
    )
