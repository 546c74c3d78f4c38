"""A fee schedule as CSV: what is taken, and how each mistake is named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openomt.care.billing.fee_csv import COLUMNS, plain_cell, read_fees, safe_cell, write_csv

HEAD = "code,amount,words,valid_from\n"


def one(line: str, head: str = HEAD) -> tuple[int, str, str]:
    """The one problem of a file with this line under the headings."""
    read = read_fees((head + line).encode())
    assert len(read.problems) == 1, read.problems
    problem = read.problems[0]
    return problem.line, problem.column, problem.what


def test_a_plain_file_is_read() -> None:
    read = read_fees((HEAD + "98926,85.5,Three to four,2027-01-01\ng2211,16,,1/31/2027\n").encode())
    assert not read.problems
    first, second = read.rows
    assert (first.code, first.amount, first.words) == ("98926", Decimal("85.5"), "Three to four")
    assert first.valid_from == dt.date(2027, 1, 1)
    assert (second.code, second.words, second.valid_from) == ("G2211", "", dt.date(2027, 1, 31))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfcode,amount,words,valid_from\n98926,85,ours,2027-01-01\n",
        b"code;amount;words;valid_from\r\n98926;85;ours;2027-01-01\r\n",
        b'"code","amount","words","valid_from"\n"98926","$85.00","ours","2027-01-01"\n',
        b"code\tamount\twords\tvalid_from\n98926\t85\tours\t2027-01-01\n",
        b"Valid from,Code,Amount,Words\n2027-01-01,98926, 85 ,ours\n\n",
        "code,amount,words,valid_from\n98926,85,ours,2027-01-01\n".encode("utf-16"),
    ],
    ids=["byte-order mark", "semicolons", "quotes", "tabs", "other order", "utf-16"],
)
def test_spreadsheets_of_every_make_are_read(content: bytes) -> None:
    read = read_fees(content)
    assert not read.problems
    [row] = read.rows
    assert (row.code, row.amount, row.words, row.valid_from) == (
        "98926",
        Decimal(85),
        "ours",
        dt.date(2027, 1, 1),
    )


@pytest.mark.parametrize(
    ("line", "column", "part"),
    [
        ("9892,85,x,2027-01-01", "code", "five characters"),
        (",85,x,2027-01-01", "code", "Empty"),
        ("98926,free,x,2027-01-01", "amount", "“free”"),
        ("98926,-5,x,2027-01-01", "amount", "“-5”"),
        ("98926,1e9,x,2027-01-01", "amount", "“1e9”"),
        ("98926,85.005,x,2027-01-01", "amount", "“85.005”"),
        ("98926,,x,2027-01-01", "amount", "Empty"),
        ("98926,85,x,2027-02-30", "valid_from", "“2027-02-30”"),
        ("98926,85,x,0001-01-01", "valid_from", "“0001-01-01”"),
        ("98926,85,x,99999-01-01", "valid_from", "“99999-01-01”"),
        (f"98926,85,{'x' * 121},2027-01-01", "words", "121 characters"),
        ("98926,85,a\u202eb,2027-01-01", "words", "cannot be printed"),
        ("98926,85,a,b,2027-01-01", "", "5 cells"),
    ],
)
def test_each_mistake_is_named_by_line_and_column(line: str, column: str, part: str) -> None:
    at, where, what = one(line)
    assert (at, where) == (2, column)
    assert part in what


def test_all_mistakes_of_a_file_are_named_at_once() -> None:
    read = read_fees((HEAD + "x,y,z,w\n98926,85,ours,2027-01-01\n98925,no,,2027-01-01\n").encode())
    assert [(one.line, one.column) for one in read.problems] == [
        (2, "code"),
        (2, "amount"),
        (2, "valid_from"),
        (4, "amount"),
    ]


def test_a_decimal_comma_is_refused_and_not_read_as_thousands() -> None:
    assert one("98926;85,00;x;2027-01-01", "code;amount;words;valid_from\n")[1] == "amount"
    read = read_fees(b'code,amount,words,valid_from\n98926,"1,250.00",x,2027-01-01\n')
    assert read.rows[0].amount == Decimal("1250.00")


def test_the_same_code_and_day_twice_names_the_first_line() -> None:
    read = read_fees((HEAD + "98926,85,,2027-01-01\n98926,86,,2027-01-01\n").encode())
    assert read.problems[0].line == 3
    assert "line 2" in read.problems[0].what


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (HEAD.encode(), "no fees"),
        (b"code,words\n98926,x\n", "must name the columns"),
        (b"code,code,amount,valid_from\n", "twice"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"code,amount,valid_from\n98926,85,\xe9\n", "UTF-8"),
        (b"x" * 1_000_001, "1 MB"),
        (b'code,amount,valid_from\n"98926,85\n', "Not readable as CSV"),
        (b"code,amount,valid_from\n98\x00926,85,2027-01-01\n", ""),
    ],
)
def test_a_file_that_is_no_schedule_is_refused_with_the_reason(content: bytes, part: str) -> None:
    read = read_fees(content)
    assert read.problems
    assert part in read.problems[0].what


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_we_write_is_a_formula(formula: str) -> None:
    assert safe_cell(formula).startswith("'")
    assert plain_cell(safe_cell(formula)) == formula
    assert safe_cell(Decimal("-5")) == "-5"


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    read = read_fees(content)
    assert read.rows or read.problems


@given(st.text(alphabet=st.characters(blacklist_categories=["C", "Z"]), max_size=60))
def test_what_is_written_is_read_again(words: str) -> None:
    text = write_csv([COLUMNS, ("98926", Decimal("85.00"), words, dt.date(2027, 1, 1))])
    read = read_fees(text.encode())
    assert not read.problems
    assert read.rows[0].words == words
