"""The customers: groups, organisations, sites, domains and who belongs to them."""
