"""The settings that the type checker reads the models with: the demo's, with a database that is never reached."""

import os

os.environ.setdefault("SEINPOST_DEMO", "yes")
os.environ.setdefault("SEINPOST_SECRET_KEY", "only for the type checker: 0123456789 abcdefghijklmnopqrstuvwxyz")
os.environ.setdefault("SEINPOST_DATABASE_URL", "postgresql://seinpost_app@/seinpost?host=/nowhere")

from seinpost.server.settings import *  # noqa: F403 - a settings module is all the names of another one
