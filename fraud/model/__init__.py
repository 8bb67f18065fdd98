"""The model: a readable rule beside it, training, calibration, explanation. The only room that knows scikit-learn."""
