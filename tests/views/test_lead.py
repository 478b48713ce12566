"""What the index's page opens with: the rank beside what other ways of computing give."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from regionstudy import views


def said(study, index, lang="sv"):
    return [sentence.text.render(lang) for sentence in views.index_answer(study, index).sentences]


def with_variants(study, index, ranks):
    """Give the index intervals whose home has these ranks in the variants."""
    found = index.intervals
    home = {study.home: ranks}
    quantiles = pd.Series(ranks).quantile([0.05, 0.5, 0.95]).to_numpy()
    intervals = found.intervals.copy()
    intervals.loc[study.home, ["low", "median", "high"]] = quantiles
    told = dataclasses.replace(found, ranks=pd.DataFrame(home), intervals=intervals)
    made = dataclasses.replace(index)
    made.__dict__["intervals"] = told
    return made


def test_the_rank_stands_beside_the_middle_of_the_variants(study, index):
    middle = index.intervals.ranks[study.home].median()
    own = views.ranked(study, index).set_index("region").loc[study.home]
    assert own["rank_median"] == pytest.approx(middle, abs=0.5)
    rank, span = f"plats {own['rank']:.0f} av 290", f"med {own['rank_median']:.0f} i mitten"
    assert rank in said(study, index)[0]
    assert span in said(study, index)[0]
    chart = views.rank_chart(study, index)
    texts = [note.text for note in chart.layout.annotations]
    shown = (
        f"{own['rank']:.0f} · {own['rank_median']:.0f} "
        f"({own['rank_low']:.0f}–{own['rank_high']:.0f})"
    )
    assert any(shown in text for text in texts), texts
    assert "plats · mitt (spann)" in texts


@pytest.mark.parametrize(
    ("factor", "word", "share"),
    [(1, "förmånligt", "10 procent"), (-1, "oförmånligt", "90 procent"), (0, "nära mitten", "")],
)
def test_the_lead_says_at_which_end_of_the_variants_the_study_stands(
    study, index, factor, word, share
):
    nominal = int(index.ranks.loc[study.home, index.root])
    # By hand: one variant of ten gives the nominal rank, nine a worse one, or a better.
    ranks = [float(nominal)] + [nominal + factor * 20.0] * 9
    if factor == 0:
        ranks = [nominal - 5.0] * 5 + [nominal + 5.0] * 5
    first = said(study, with_variants(study, index, ranks))[0]
    assert word in first
    assert share in first


@pytest.mark.parametrize(("target", "group"), [("incomer", "inflyttare"), ("student", "studenter")])
def test_the_lead_names_its_target_group(study, target, group):
    assert f"i dragkraft för {group}" in said(study, study.composite(target=target))[0]


def test_best_and_worst_domains_are_told_among_all_and_among_peers_without_contradiction(
    study, index
):
    told = views.index_answer(study, index).sentences
    assert [sentence.index for sentence in told] == [True, False, False]
    domains = " ".join(said(study, index)[1:])
    assert "Bland alla 290 kommuner" in domains
    assert "Bland de 23 kommunerna i jämförelsegruppen står" in domains
    every = index.ranks.loc[study.home, index.domains]
    scores = index.scores.loc[list(study.peers.members), index.domains]
    # By hand: one more than the peers with a higher score.
    beside = 1 + (scores > scores.loc[study.home]).sum()
    for ranks in (every, beside):
        best = str(study.catalogue.domains[ranks.idxmin()].title)
        assert f"{best} (plats {ranks.min():.0f})" in domains
    assert every.idxmin() != beside.idxmin()
    assert f"ger plats {beside[every.idxmin()]:.0f} där, för minst hälften" in domains


def test_every_median_on_the_two_pages_is_of_the_peers_without_the_home(study, index):
    others = study.indicators("post_secondary_share")
    newest = others[others["period"] == others["period"].max()]
    by_hand = newest[newest["region"].isin(study.peers.others)]["value"].median()
    (item,) = views.key_numbers(study, ["post_secondary_share"]).items
    assert item.strip["median"] == pytest.approx(by_hand)
    assert len(item.strip["values"]) == 22
    assert "Medianen i 22 andra jämförbara kommuner" in item.note.render("sv")
    profile = views.pull_profile(study, index)
    row = next(
        row for row in profile.content.table.rows if "Eftergymnasialt" in row[0].render("sv")
    )
    assert row[4].render("sv") == f"{by_hand:.1f}".replace(".", ",")
    assert any("Medianen är de 22 andras" in note.render("sv") for note in profile.content.notes)
    share = views.contribution_chart(study, index)
    parts = index.contributions().loc[list(study.peers.others), index.domains]
    assert list(share.data[1].x) == pytest.approx(parts.median().tolist(), abs=0.01)
    assert "22 andra jämförbara" in share.content.title.render("sv")
