"""How immunoglobulin works: a model where human data identify it, labelled hypotheses elsewhere."""
