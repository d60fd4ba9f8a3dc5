"""The victim's own track: talks, reflection period, consent and assessment, apart from the criminal case. Pure.

A record of its own beside the signal it came from: nothing here depends on what becomes of an investigation, and no
outcome of one changes it. Like a signal it always has an owner, a next step and a date, until it rests with a reason.
"""
