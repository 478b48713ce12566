"""A linear programme over the cells of a table, solved again from where it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

__all__ = ["TOLERANCE", "Program", "UnreachableError"]

# Solutions are vertices with whole numbers, but for the solver's tolerance of 1e-7.
TOLERANCE = 1e-5


class UnreachableError(RuntimeError):
    """No cells within the bounds satisfy the sums."""


class Program:
    """
    Cells within bounds that satisfy sums, to be searched in many directions.

    Only the weights change from one search to the next, so the last solution is a valid
    start of the next one: some 15 times as fast as solving each anew.

    Parameters
    ----------
    sums : csr_array, shape (m, n)
        The sums.
    right : ndarray, shape (m,)
        What they come to.
    low, high : ndarray, shape (n,)
        The bounds of each cell.
    once : bool, default False
        Whether it is solved for one set of weights alone, none of them below 0: then the
        dual simplex starts where the primal one would first have to get.
    """

    def __init__(
        self,
        sums: csr_array,
        right: NDArray[np.float64],
        low: NDArray[np.float64],
        high: NDArray[np.float64],
        *,
        once: bool = False,
    ) -> None:
        import highspy

        columns = sums.tocsc()
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = columns.shape
        model.col_cost_ = np.zeros(model.num_col_)
        model.col_lower_, model.col_upper_ = low, high
        model.row_lower_ = model.row_upper_ = right
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = columns.indptr
        model.a_matrix_.index_ = columns.indices
        model.a_matrix_.value_ = columns.data
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.silent()
        # Primal simplex: after a change of weights the last vertex is still feasible.
        self._solver.setOptionValue("simplex_strategy", 1 if once else 4)
        self._solver.setOptionValue("parallel", "off")
        self._solver.passModel(model)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._infeasible = highspy.HighsModelStatus.kInfeasible
        self._every = np.arange(model.num_col_, dtype=np.int32)

    def minimise(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Find the cells that minimise a weighted sum.

        Parameters
        ----------
        weight : ndarray, shape (n,)
            The weights.

        Returns
        -------
        ndarray, shape (n,)
            A vertex that minimises it.

        Raises
        ------
        UnreachableError
            If no cells satisfy the sums. The true counts do, unless a bound excludes them.
        RuntimeError
            If the solver fails otherwise.
        """
        self._solver.changeColsCost(len(self._every), self._every, weight)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == self._infeasible:
            msg = "No cells within the bounds satisfy the sums."
            raise UnreachableError(msg)
        if status != self._optimal:
            msg = f"The linear programme of the disclosure attack was not solved: {status}."
            raise RuntimeError(msg)
        return np.array(self._solver.getSolution().col_value)
