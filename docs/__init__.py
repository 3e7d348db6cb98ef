"""Documents that a command writes: python -m docs.generate"""
