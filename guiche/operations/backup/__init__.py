"""One file that holds an installation: how it is written, checked, and put back."""
