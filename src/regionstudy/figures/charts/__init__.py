"""
Charts: each takes a frame and gives a `StudyFigure`.

A chart is drawn four times, wide and narrow in both languages; what differs is text and room.
"""

from regionstudy.figures.charts.ages import age_profile
from regionstudy.figures.charts.attendance import attendance_grid
from regionstudy.figures.charts.contributions import bars
from regionstudy.figures.charts.heat import heat
from regionstudy.figures.charts.networks import network
from regionstudy.figures.charts.profiles import profile
from regionstudy.figures.charts.quadrants import quadrants
from regionstudy.figures.charts.rankings import ranking
from regionstudy.figures.charts.steps import steps
from regionstudy.figures.charts.trends import trend

__all__ = [
    "age_profile",
    "attendance_grid",
    "bars",
    "heat",
    "network",
    "profile",
    "quadrants",
    "ranking",
    "steps",
    "trend",
]
