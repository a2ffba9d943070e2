"""pulje scaffolds, tracks and writes the documents of Danish state-grant pilots (puljeprojekter)."""

__version__ = "0.1.0"
