"""The `regionstudy members` commands: templates, checks and merging of members' workbooks."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (typer reads it when the commands are called)
from typing import Annotated, Literal

import typer

from regionstudy.console.exit_codes import CHECKED_AND_FOUND_FAULTS

__all__ = ["members_app"]

members_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="The members' workbooks."
)


@members_app.command("template")
def members_template(
    path: Annotated[Path, typer.Argument(help="The workbook to write (.xlsx).")],
    *,
    lang: Annotated[Literal["sv", "en"], typer.Option(help="Its language.")] = "sv",
    org: Annotated[str | None, typer.Option(help="The organisation's id, filled in.")] = None,
) -> None:
    """
    Write an empty workbook for a member to fill in.

    Example: regionstudy members template medlem.xlsx
    """
    from regionstudy.members import write_template

    write_template(path, lang=lang, org=org)
    typer.echo(f"Wrote {path}. Fill it in, then run: regionstudy members check {path}")


@members_app.command("check")
def members_check(
    path: Annotated[Path, typer.Argument(help="A workbook (.xlsx) or a folder of CSV.")],
    *,
    write_back: Annotated[
        bool, typer.Option("--write-back", help="Write the faults as comments in a copy.")
    ] = False,
    lang: Annotated[Literal["sv", "en"], typer.Option(help="The language of the faults.")] = "en",
) -> None:
    """
    List every fault of a member workbook; exit with 1 if there is any.

    Example: regionstudy members check medlem.xlsx --write-back --lang sv
    """
    from regionstudy.console.faults import fault_table, repair_table
    from regionstudy.members import write_faults
    from regionstudy.members.findings import told
    from regionstudy.members.reading import read

    members, faults = read(path, lang=lang)
    if members is not None:
        if members.repairs:
            typer.echo(repair_table(members.repairs, lang=lang))
        typer.echo(f"{path}: {told('no_faults').render(lang)}")
        return
    typer.echo(fault_table(faults, lang=lang))
    if write_back:
        copy = write_faults(path, faults, lang=lang)
        typer.echo(told("copy_written", path=str(copy)).render(lang))
    raise typer.Exit(CHECKED_AND_FOUND_FAULTS)


@members_app.command("merge")
def members_merge(
    folder: Annotated[Path, typer.Argument(help="The folder of the members' workbooks.")],
    path: Annotated[Path, typer.Argument(help="The workbook to write (.xlsx).")],
    *,
    last: Annotated[
        Path | None,
        typer.Option(help="Last year's workbook, or a list of the organisations."),
    ] = None,
    lang: Annotated[Literal["sv", "en"], typer.Option(help="The workbook's language.")] = "sv",
) -> None:
    """
    Combine members' workbooks; exit with 1 where any is at fault or two contradict each other.

    Example: regionstudy members merge inlamnat alla.xlsx --last alla-2025.xlsx
    """
    from regionstudy.console.members_merge import merge_text
    from regionstudy.members import merge

    merged = merge(folder, path, last=last, lang=lang)
    typer.echo(merge_text(merged, path, lang=lang))
    if merged.members is None:
        raise typer.Exit(CHECKED_AND_FOUND_FAULTS)
