"""The model: what a pilot is, as pure records and functions. No files, no clock."""
