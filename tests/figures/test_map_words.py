"""What a map tells of a region: its place among all and among peers, and the country's figure."""

from __future__ import annotations

import pytest

from regionstudy.errors import DataError
from regionstudy.figures import MIME, maps

PLOTLY = "application/vnd.plotly.v1+json"


@pytest.fixture
def among_peers(net):
    """Sundsvall is 5th of 23 peers; Ånge's place among them would give its figure away."""
    nan = float("nan")
    return net.assign(peer_rank=[5.0, nan, nan, nan, nan, nan, 88888.0], peer_count=23.0)


def tips(figure, lang="sv"):
    panel = figure.payload()["body"]["maps"][-1]
    return {code: told["tip"][lang] for code, told in panel["values"].items()}


def test_tip_says_the_place_among_peers_besides_that_among_all(among_peers, squares):
    made = maps.choropleth(among_peers, regions=squares, home=["2281"])
    assert tips(made)["2281"] == (
        "Sundsvall: +0,1 · plats 2 av 5 · plats 5 av 23 jämförbara · riket −0,2"
    )
    assert tips(made, "en")["2281"] == (
        "Sundsvall: +0.1 · 2nd of 5 · 5th of 23 comparable · the country −0.2"
    )
    (hover,) = [t for t in made._repr_mimebundle_()[PLOTLY]["data"] if t.get("name") == "regions"]
    assert hover["hovertext"][0] == tips(made)["2281"]


def test_region_that_is_no_peer_has_no_place_among_them(among_peers, squares):
    told = tips(maps.choropleth(among_peers, regions=squares))
    assert [code for code, tip in told.items() if "jämförbara" in tip] == ["2281"]


def test_place_among_peers_of_a_protected_region_is_nowhere(among_peers, squares, bundle):
    told = bundle(maps.choropleth(among_peers, regions=squares, home=["2260"]))
    assert "23 jämförbara" in told
    assert not any(secret in told for secret in ("88888", "88 888", "88,888"))


def test_places_are_of_all_though_a_regional_map_shows_some(among_peers, squares):
    made = maps.choropleth(
        among_peers, regions=squares, region_map=["2281", "2262"], extent="region"
    )
    assert "plats 2 av 5 · plats 5 av 23" in tips(made)["2281"]


@pytest.mark.parametrize("extent", ["country", "region", "both"])
def test_mean_is_not_called_the_country(net, squares, extent):
    net.attrs["national_kind"] = "mean"
    made = maps.choropleth(net, regions=squares, outline=["2281", "2262"], extent=extent)
    assert tips(made)["2281"].endswith("medel 5 kommuner −0,2")
    assert tips(made, "en")["2281"].endswith("mean of 5 municipalities −0.2")
    assert "riket" not in str(made._repr_mimebundle_()[MIME]["body"])


def test_peer_ranks_without_their_count_and_an_unknown_kind_are_refused(among_peers, squares):
    with pytest.raises(DataError, match="places among peers needs the column peer_count"):
        maps.choropleth(among_peers.drop(columns="peer_count"), regions=squares)
    among_peers.attrs["national_kind"] = "median"
    with pytest.raises(DataError, match='can not be "median"; use published or mean'):
        maps.choropleth(among_peers, regions=squares)
