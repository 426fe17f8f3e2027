"""Outputs on disk, all of them or none; the site; mail."""
