"""torchgrade: grade deep-learning exercises without ever letting a student's code meet an answer."""

__version__ = "0.1.0"
