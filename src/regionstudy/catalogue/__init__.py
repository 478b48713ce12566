"""The catalogue: what each indicator is, where its figures come from and how sure that is."""

from regionstudy.catalogue.load import Catalogue
from regionstudy.catalogue.model import Domain, Indicator, Unit

__all__ = ["Catalogue", "Domain", "Indicator", "Unit"]
