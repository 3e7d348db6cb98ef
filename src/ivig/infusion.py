"""The infusion chart: what the pump is told, minute by minute."""
