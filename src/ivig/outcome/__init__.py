"""Expected benefit and harm, each with an interval and its caveat."""
