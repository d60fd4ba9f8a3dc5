"""The compiled passes of the score: rules as arrays, the scoring pass, quotes cut from text buffers."""
