"""
Notebooks in, an offline site out.

`build` runs the notebooks of a study folder and writes pages that need neither a server nor
a network. What has not changed is taken from the study's cache, without loading any library
that runs or draws.
"""

from regionstudy.report.build import BuildReport, build
from regionstudy.report.settings import SiteSettings
from regionstudy.report.verification import Difference, verify

__all__ = ["BuildReport", "Difference", "SiteSettings", "build", "verify"]
