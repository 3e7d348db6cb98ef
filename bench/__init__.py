"""Timings as ratios against something run in the same minute: python -m bench"""
