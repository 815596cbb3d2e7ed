"""How fast it is, measured on whatever machine this runs on: `make benchmark-…`."""
