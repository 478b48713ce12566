"""The ``regionstudy`` command: it reads the options, calls one function, prints the answer."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer
from typer.core import TyperGroup

from regionstudy.console.exit_codes import CHECKED_AND_FOUND_FAULTS, ERROR, INTERRUPTED
from regionstudy.console.members_commands import members_app
from regionstudy.console.messages import show_warnings_as_lines
from regionstudy.errors import MemberDataError, RegionStudyError

__all__ = ["app", "main"]


class _InterruptedByUser(Exception):  # noqa: N818 (an event, not a fault)
    """Ctrl-C; typer would turn a KeyboardInterrupt into exit code 1."""


class _Commands(TyperGroup):
    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise _InterruptedByUser from error


app = typer.Typer(
    cls=_Commands,
    # Plain help: rich takes longer to load than the whole command line.
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Study what makes a region pull people in, on official figures and members' data.",
)
app.add_typer(members_app, name="members")

_verbose = False
_offline = False

StudyFolder = Annotated[
    Path | None,
    typer.Argument(help="A study folder; without it the one you stand in.", show_default=False),
]

BaseUrl = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SOURCE=URL", help="Another address of a source; repeatable.", show_default=False
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"regionstudy {version('regionstudy')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show where an error arose.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no service: use the answers kept on disk.")
    ] = False,
    version: Annotated[  # noqa: ARG001 (typer calls _print_version)
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    global _verbose, _offline
    _verbose, _offline = verbose, offline


@app.command()
def build(
    study: StudyFolder = None,
    *,
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("site"),
    lang: Annotated[
        Literal["sv", "en", "both"] | None, typer.Option(help="Else the study's own.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Notebooks run at once; else one a core.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help='Another region: "22", "2281", "FA42".')
    ] = None,
    single: Annotated[
        bool, typer.Option("--single", help="Also write each page as one file to send by mail.")
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print each page to a PDF; needs a browser.")
    ] = False,
) -> None:
    """
    Run the notebooks and write the offline site.

    Example: regionstudy build --lang both --out site
    """
    from regionstudy.report import build as build_site
    from regionstudy.settings import find_folder, read_settings, site_settings

    folder = find_folder(study)
    settings = read_settings(folder)
    report = build_site(
        folder,
        out=out,
        settings=site_settings(folder, settings),
        lang=lang or settings.lang,
        jobs=jobs,
        region=region,
        single=single,
        pdf=pdf,
    )
    if report.run:
        from regionstudy.study import Study

        # Readers now hold this edition; the next one is protected beside it.
        Study.load(folder).keep_edition()
    typer.echo(report.summary())


@app.command()
def verify(
    site: Annotated[Path, typer.Argument(help="The folder of a site.")],
    study: StudyFolder = None,
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Compare checksums only; run no notebook.")
    ] = False,
) -> None:
    """
    Prove a site's pages against the figures that they were made of.

    Holds every file of the site, the figures and the settings against the checksums that the
    build wrote down, then runs the notebooks anew and compares each page. Exits with 1 where
    anything differs.

    Example: regionstudy verify site
    """
    from regionstudy.report import verify as verify_site
    from regionstudy.report.stamp import read_stamp
    from regionstudy.settings import find_folder, read_settings, site_settings

    stamp = read_stamp(site)
    folder = find_folder(study)
    settings = site_settings(folder, read_settings(folder))
    found = verify_site(site, folder, settings=settings, rebuild=not quick)
    for difference in found:
        typer.echo(str(difference))
    if found:
        typer.echo(f"{site}: not proven, {len(found)} differences.", err=True)
        raise typer.Exit(1)
    how = "as built" if quick else "as built, and the same when built again"
    typer.echo(f"{site}: {len(stamp['files'])} files {how} ({stamp['built']}).")


@app.command()
def fetch(
    study: StudyFolder = None,
    *,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only scb, kolada or jobtech; repeatable."),
    ] = None,
    indicator: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only these indicators; repeatable."),
    ] = None,
    since: Annotated[
        int | None,
        typer.Option(metavar="YEAR", min=1900, max=2100, help="Only from this year on."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print each request, with -v as curl; fetch nothing.")
    ] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Keep what came although something failed.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Fetch more than 10 million figures of an indicator too.")
    ] = False,
    base_url: BaseUrl = None,
) -> None:
    """
    Refresh the figures from the live services; cut off, it goes on where it stopped.

    Example: regionstudy fetch --indicator population_by_age --since 2015 --dry-run
    """
    from regionstudy.console.fetch import fetch_figures

    told = fetch_figures(
        study,
        sources=source or (),
        ids=indicator or (),
        since=since,
        dry_run=dry_run,
        full=_verbose,
        partial=partial,
        yes=yes,
        offline=_offline,
        base_urls=base_url or (),
    )
    typer.echo(told)


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="The folder of official extracts.")],
    *,
    study: Annotated[Path | None, typer.Option(help="The study folder to load into.")] = None,
) -> None:
    """
    Load official extracts into the store.

    Example: regionstudy import ../shared/figures
    """
    from regionstudy.settings import find_folder
    from regionstudy.store import import_extracts

    report = import_extracts(path, find_folder(study) / "data" / "snapshot")
    typer.echo(report.summary())


@app.command()
def status(
    study: StudyFolder = None,
    *,
    check: Annotated[
        bool, typer.Option(help="Exit with 1 where a living series is past its update cycle.")
    ] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help="List what publishers have revised since.")
    ] = False,
    json: Annotated[bool, typer.Option(help="Print JSON.")] = False,
) -> None:
    """
    Say what the store holds, how old it is, and what is missing.

    Example: regionstudy status --check
    """
    from regionstudy.console.status import changes_of, changes_text, status_of, status_text

    table = changes_of(study) if changes else status_of(study)
    if json:
        typer.echo(table.to_json(orient="records", force_ascii=False))
    else:
        typer.echo(changes_text(table) if changes else status_text(table))
    if check and not changes and table["overdue"].any():
        raise typer.Exit(CHECKED_AND_FOUND_FAULTS)


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="Words; a source's are Swedish.")],
    *,
    source: Annotated[
        Literal["catalogue", "scb", "kolada", "jobtech"],
        typer.Option(help="The study's catalogue, or what a source has."),
    ] = "catalogue",
    most: Annotated[int, typer.Option(min=1, help="List no more than so many.")] = 30,
    base_url: BaseUrl = None,
) -> None:
    """
    Search the catalogue, or the tables, key figures and occupations of a source.

    Example: regionstudy search hyra --source scb
    """
    if source == "catalogue":
        from regionstudy.console.search import search_catalogue

        typer.echo(search_catalogue(text, most=most))
        return
    from regionstudy.console.connection import connect
    from regionstudy.console.source_search import search_source

    with connect(offline=_offline, base_urls=base_url or ()) as clients:
        typer.echo(search_source(text, source=source, clients=clients, most=most))


@app.command()
def describe(
    id: Annotated[  # noqa: A002 (the name that help shows)
        str, typer.Argument(help="An indicator of the catalogue, a table or a key figure.")
    ],
    *,
    base_url: BaseUrl = None,
) -> None:
    """
    Describe an indicator, a table of SCB (TAB638) or a key figure of Kolada (N01951).

    Example: regionstudy describe rents
    """
    from regionstudy.console.connection import connect
    from regionstudy.console.describe import describe_parts

    with connect(offline=_offline, base_urls=base_url or ()) as clients:
        # What is known comes before what a service must be asked for.
        for part in describe_parts(id, clients=clients):
            typer.echo(part)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make; must not exist.")],
    *,
    region: Annotated[
        str, typer.Option(help='The region: a county "22", a municipality "2281", "FA42".')
    ],
) -> None:
    """
    Make a fresh study folder for another region.

    Example: regionstudy new min-studie --region 23
    """
    from regionstudy.study_folder import create

    settings = create(folder, region=region)
    typer.echo(
        f"Made {folder}: region {settings.region}, home municipality {settings.home}. "
        f"Next: cd {folder} && regionstudy lab"
    )


@app.command()
def lab(
    *,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """
    Open JupyterLab on the study you stand in.

    Example: regionstudy lab
    """
    from regionstudy.study_folder import open_lab

    raise typer.Exit(open_lab(browser=browser))


def main() -> None:
    """Run the command line; warnings and errors become one line on stderr each."""
    show_warnings_as_lines()
    try:
        app()
    except _InterruptedByUser:
        try:
            _fail(
                "Interrupted. What stood before stands unchanged; a fetch, run again, goes on.",
                INTERRUPTED,
            )
        finally:
            # Calls under way are in threads that would be waited for, for up to two minutes.
            sys.stdout.flush()
            os._exit(INTERRUPTED)
    except MemberDataError as error:
        _fail(f"{error} List all with: regionstudy members check PATH", ERROR)
    except RegionStudyError as error:
        _fail(str(error), ERROR)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}.", ERROR)


def _fail(message: str, code: int) -> NoReturn:
    if _verbose:
        import traceback

        traceback.print_exc()
    typer.echo(f"regionstudy: {' '.join(message.split())}", err=True)
    sys.exit(code)
