"""`openomt demo`: a made-up practice in the browser."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from openomt.cli import app
from openomt.cli.serve import Host, Port, Threads, Workers
from openomt.cli.site import site_command

FOLDER = "openomt-demo"
