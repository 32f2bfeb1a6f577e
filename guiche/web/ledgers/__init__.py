"""The lines behind a deadline as people read them: a page, a sheet, a spreadsheet. What they are: `sla.ledger`."""
