"""pulje scaffolds, tracks and writes the documents of Danish state-grant pilots (puljeprojekter)."""

# Raised with every change of figures or looks; toolkit/core/versions.py says which version changed what.
__version__ = "0.2.0"
