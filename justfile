# `just` lists what can be done; every line also runs by itself without just.

default:
    @just --list

# the main job: a day of made-up registrations, scanned and explained
demo:
    uv run seinpost demo

test *ARGS:
    uv run pytest {{ARGS}}

# everything CI checks, in the same order
check:
    bash .ci/run

lint:
    uv run ruff check .
    uv run ruff format --check .
    uv run mypy
    uv run lint-imports
    uv run python tools/budgets.py

# lint the Dutch pack and run its examples
pack:
    uv run seinpost pack lint
    uv run seinpost pack test

# one speed promise: `just bench scan_speed`
bench NAME *ARGS:
    uv run --group bench python benchmarks/{{NAME}}.py {{ARGS}}

# renew the pins
lock:
    uv run python tools/lock.py write

# write docs/reference anew from code and packs
docs:
    uv run python tools/reference.py write

# train the second eye on the casebook anew
train:
    uv run seinpost pack train

# bring the vendored front-end files anew (needs Node.js)
vendor:
    uv run python tools/vendor.py write
    uv run python tools/make_theme.py write
