"""`openomt createowner`: the first account of a practice."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from openomt.cli import app
from openomt.cli.site import site_command, stop


@app.command()
@site_command
def createowner(
    email: Annotated[str, typer.Option(help="E-mail address to sign in with.", prompt="E-mail")],
    name: Annotated[str, typer.Option(help="Name, as it should be shown.", prompt="Name")],
    credentials: Annotated[str, typer.Option(help="Behind the name, such as DO.")] = "",
) -> None:
    """Make the owner's account, who then adds everybody else in the browser.

    The password is asked for, or taken from OPENOMT_PASSWORD.
    """
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from openomt.care.accounts import services
    from openomt.care.accounts.models import Practice, User
    from openomt.site import start

    start.migrate()
    password = os.environ.get("OPENOMT_PASSWORD") or typer.prompt(
        "Password", hide_input=True, confirmation_prompt=True, err=True
    )
    try:
        validate_email(email.strip())
        validate_password(password, User(email=email.strip(), name=name))
        owner = services.create_owner(email, name.strip(), password, credentials=credentials.strip())
    except ValidationError as error:
        stop("\n".join(error.messages))
    except services.RuleError as error:
        stop(str(error))
    Practice.load()
    typer.echo(f"{owner.email} is the owner and can sign in. Start the site with: openomt serve")
    typer.echo("Everybody else is added in the browser, under Practice, People.")
