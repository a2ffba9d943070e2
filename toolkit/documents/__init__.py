"""The wording: a state to a document tree."""
