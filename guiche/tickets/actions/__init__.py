"""What can be done with a ticket, by verb."""
