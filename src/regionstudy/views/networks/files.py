"""The map of networks as files for Gephi and Kumu."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from regionstudy.analysis.networks import formula_safe, graph_edges, graph_nodes, graphml
from regionstudy.errors import ReportError
from regionstudy.figures import note
from regionstudy.views.networks.facts import text

if TYPE_CHECKING:
    from pathlib import Path

    from regionstudy.figures.shown import Note
    from regionstudy.study import Study
    from regionstudy.views.networks.facts import StudyNetworks

__all__ = ["network_files"]

_FOLDER = ("exports", "networks")


def network_files(study: Study, net: StudyNetworks | None, *, write: bool = False) -> Note | None:
    """
    Write the map of networks for Gephi (GraphML, CSV) and Kumu (CSV).

    Parameters
    ----------
    study : Study
        The study; the files go to ``exports/networks`` in its folder.
    net : StudyNetworks or None
        From `study_networks`. Only what may be shown is in it: no contacts.
    write : bool, default False
        Whether to write.

    Returns
    -------
    Note or None
        What was written; None where nothing was.

    Raises
    ------
    ReportError
        If a file cannot be written; those that stood there before are left.
    """
    if net is None or not write:
        return None
    found = net.found
    contents = {
        "networks.graphml": graphml(found),
        "nodes.csv": formula_safe(graph_nodes(found)).encode(),
        "links.csv": formula_safe(graph_edges(found)).encode(),
    }
    folder = study.folder.joinpath(*_FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            _write(folder / name, content)
    except OSError as error:
        msg = (
            f"{folder}: the networks can not be written ({error.strerror or error}). Mend the "
            "rights of the study's folder, or free some space."
        )
        raise ReportError(msg) from error
    return note(text("files.written", folder="/".join(_FOLDER), list=list(contents)))


def _write(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(content)
    os.replace(aside, path)  # noqa: PTH105
