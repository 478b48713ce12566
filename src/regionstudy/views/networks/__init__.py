"""The page on networks: who sits where, what hangs on one organisation, and what is missing."""

from regionstudy.views.networks.drawing import network_drawing
from regionstudy.views.networks.facts import StudyNetworks, study_networks
from regionstudy.views.networks.files import network_files
from regionstudy.views.networks.lead import network_answer, network_numbers
from regionstudy.views.networks.links import leaving_table, only_link_table, path_table
from regionstudy.views.networks.places import network_place_map
from regionstudy.views.networks.positions import circle_table, position_table
from regionstudy.views.networks.themes import network_theme_table, overlap_table

__all__ = [
    "StudyNetworks",
    "circle_table",
    "leaving_table",
    "network_answer",
    "network_drawing",
    "network_files",
    "network_numbers",
    "network_place_map",
    "network_theme_table",
    "only_link_table",
    "overlap_table",
    "path_table",
    "position_table",
    "study_networks",
]
