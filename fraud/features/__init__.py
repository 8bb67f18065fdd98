"""What is measured of a cancellation: one definition for the live score, for training and for the back-test."""
