"""A live preview: what is saved shows in the browser by itself."""
