"""What the stages hand to each other: typed, frozen, and free of input and output."""
