"""The cited answer: what is known, as passages; a question, understood; an answer, composed."""
