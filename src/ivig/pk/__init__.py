"""Pharmacokinetics of immunoglobulin G."""
