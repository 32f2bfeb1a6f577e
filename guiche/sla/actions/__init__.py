"""What can be done with promises and clocks."""
