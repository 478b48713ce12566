"""
How soon a slider's move is answered: on the offline page, and in JupyterLab's explorer.

Run it with ``python -m benchmarks.explore`` in the checkout; the page needs chromium.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import regionstudy as rs
from regionstudy.analysis.composite import evaluate_payload, what_if_payload

REPOSITORY = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
MOVES = 100
MOVE = """([payload, moves]) => {
  const model = regionstudyWhatIf.prepare(payload);
  return Array.from({ length: moves }, (_, n) => {
    const start = performance.now();
    regionstudyWhatIf.evaluate(model, { work: n, housing: moves - n }, payload.peers);
    return performance.now() - start;
  });
}"""


def main() -> None:
    study = rs.Study.load(REPOSITORY)
    in_page(study)
    in_lab(study)


def in_page(study: rs.Study) -> None:
    index = study.composite()
    payload = what_if_payload(index, home=study.home, peers=list(study.peers.members), seed=1)
    ours = [timed(evaluate_payload, payload, weights={"work": n}) for n in range(20)]
    python = statistics.median(ours)
    if not CHROMIUM.exists():
        print("no browser here: apt-get install chromium")
        return
    from playwright.sync_api import sync_playwright

    script = Path(rs.__file__).parent / "report" / "static" / "whatif.js"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.add_script_tag(content=script.read_text(encoding="utf-8"))
        times = page.evaluate(MOVE, [payload, MOVES])
        browser.close()
    report("a move on the page, ms", statistics.median(times), 16)
    print(
        f"the same in Python {python:.1f} ms, page / Python {statistics.median(times) / python:.2f}"
    )


def in_lab(study: rs.Study) -> None:
    explorer = rs.views.index_explorer(study)
    slider = explorer.children[1].children[0]
    times = [timed(setattr, slider, "value", 0.25 * (n % 20)) for n in range(2, MOVES)]
    report("a move in the explorer, ms", statistics.median(times), 200)


def timed(call: object, *arguments: object, **options: object) -> float:
    """Give the milliseconds that a call takes."""
    start = time.perf_counter()
    call(*arguments, **options)  # type: ignore[operator]
    return 1000 * (time.perf_counter() - start)


def report(what: str, value: float, most: float) -> None:
    print(f"{what:28} {value:7.1f}  (at most {most:.0f}) {'ok' if value <= most else 'TOO MUCH'}")


if __name__ == "__main__":
    main()
