"""
Revealed pull: what goes with it, how well that predicts, and where experts see it otherwise.

`pull_regression` weighs indicators known beforehand by how they go with net migration, and tests
them on counties it has not seen; `gravity` reads each region's pull, net of size and distance,
from flows; `compare_with_experts` sets either beside an experts' index. Nothing here says why
people move: every figure is an association.
"""

from regionstudy.analysis.revealed.comparison import ExpertComparison, compare_with_experts
from regionstudy.analysis.revealed.gravity import Gravity, gravity
from regionstudy.analysis.revealed.regression import pull_regression
from regionstudy.analysis.revealed.weights import RevealedWeights

__all__ = [
    "ExpertComparison",
    "Gravity",
    "RevealedWeights",
    "compare_with_experts",
    "gravity",
    "pull_regression",
]
