"""What can be done with people, their access and their teams."""
