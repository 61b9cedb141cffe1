"""One file for each format of calibrations."""
