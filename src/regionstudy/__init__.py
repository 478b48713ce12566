"""regionstudy: what makes a region pull people in."""
