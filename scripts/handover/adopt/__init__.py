"""What exists elsewhere: files of templates read, and written as messages, blocks and scenarios."""
