"""The way in: text to model, with places."""
