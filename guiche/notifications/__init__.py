"""Who is told of what, where and in which words."""
