"""Recognising a wrong reply by the mistake behind it.

distinctions   where each known misconception parts from the reference, and whose replies a submission's are
comparison     what a submission replied, beside the reference and one misconception
sameness       whether two replies are the same
known          the transcripts of reference and misconceptions, kept between runs
known_files    those that a course keeps beside its solutions
codec          transcripts as bytes
sealed         what a student kit holds of misconceptions
canon          replies as bytes that are the same where the replies are, up to rounding
"""
