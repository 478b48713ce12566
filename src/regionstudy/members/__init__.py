"""
The members' own tables: their workbook, its checks, and the gate that protects persons.

Raw tables stay with the analyst; figures and pages take only `Members.release`.
"""

from regionstudy.members import disclosure
from regionstudy.members.checking import check
from regionstudy.members.example import generate_example
from regionstudy.members.merging import Merge, merge
from regionstudy.members.reading import load
from regionstudy.members.tables import Members
from regionstudy.members.template import write_template
from regionstudy.members.workplaces import workplaces
from regionstudy.members.write_back import write_faults

__all__ = [
    "Members",
    "Merge",
    "check",
    "disclosure",
    "generate_example",
    "load",
    "merge",
    "workplaces",
    "write_faults",
    "write_template",
]
