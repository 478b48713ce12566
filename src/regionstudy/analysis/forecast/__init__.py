"""What comes next in a yearly series, if anything simple can say it."""

from regionstudy.analysis.forecast.forecasting import Forecast, forecast

__all__ = ["Forecast", "forecast"]
