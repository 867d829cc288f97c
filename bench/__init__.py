"""What the portal costs: `make bench` prints one table of one run."""
