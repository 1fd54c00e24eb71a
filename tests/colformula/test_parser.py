"""Grammar: what is read, what is refused and where, and that writing a tree out and reading it again changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colformula import COLUMNS, FormulaError, Function, names, parse, refs, to_text
from colformula.tree import (
    Binary,
    Call,
    Compare,
    Name,
    Negative,
    Number,
    Pick,
    Ref,
    Selector,
    Text,
    matching,
    pattern,
    substitute,
)


@pytest.mark.parametrize(
    "text, tree",
    [
        ("a - b - c", Binary("-", Binary("-", Name("a"), Name("b")), Name("c"))),
        ("a - (b - c)", Binary("-", Name("a"), Binary("-", Name("b"), Name("c")))),
        ("1 + 2 * a", Binary("+", Number("1"), Binary("*", Number("2"), Name("a")))),
        ("-a * b", Binary("*", Negative(Name("a")), Name("b"))),
        ('kpm["jumlah"]', Pick("kpm", (Selector("key", value=Text("jumlah")),))),
        ('kpm[jenis="x", upto]', Pick("kpm", (Selector("equals", "jenis", Text("x")), Selector("upto")))),
        ("sum(kpm[jenis, all])", Call("sum", (Pick("kpm", (Selector("same", "jenis"), Selector("all"))),))),
        ("a[k=b]", Pick("a", (Selector("equals", "k", Name("b")),))),
        ("[=t/a b]".replace(" ", "_"), Ref("=t/a_b")),
        ("[t/2021-02-06/!x|y/<kode>/*]", Ref("t/2021-02-06/!x|y/<kode>/*")),
        ("count(a > 0.5)", Call("count", (Compare(">", Name("a"), Number("0.5")),))),
    ],
)
def test_tree(text, tree):
    assert parse(text) == tree
    assert to_text(tree) == text


@pytest.mark.parametrize(
    "text, place, word",
    [
        ("__import__('os').system('id')", 1, "__import__"),
        ("__import__", None, None),
        ("a.__class__", 2, "'.'"),
        ("frame.to_csv(1)", 6, "'.'"),
        ("a ** 2", 4, "'\\*'"),
        ("a // 2", 4, "'/'"),
        ("eval(a)", 1, "eval"),
        ("open(a)", 1, "open"),
        ("lambda x: 1", 8, "'x'"),
        ("[x for x in a]", 1, "spasi"),
        ("a if b else c", 3, "'if'"),
        ("a; b", 2, "';'"),
        ("a == b", 4, "'='"),
        ("a @ b", 3, "'@'"),
        ("a and b", 3, "'and'"),
        ("1 +", 4, "akhir tulisan"),
        ("", 1, "akhir tulisan"),
        ("(a", 3, "'\\)'"),
        ("a)", 2, "akhir ungkapan"),
        ("--a", 2, "'-'"),
        ("sum()", 5, "angka"),
        ("largest(a)", 10, "','"),
        ("round(a, 1, 2)", 11, "'\\)'"),
        ("previous(a + 1)", 10, "nama kolom"),
        ("kpm[]", 5, "kunci"),
        ("kpm[1]", 5, "kunci"),
        ("[a/b", 1, "ditutup"),
        ("[]", 1, "kosong"),
        ("1 + (a > 2)", 5, "bilangan"),
        ("(a > 2) > 1", 1, "Syarat"),
        ('a > "b"', 5, "Teks"),
        ("1.2.3", 4, "'.'"),
        ("a" * 4001, 4000, "panjang"),
        ("(" * 41 + "a" + ")" * 41, 41, "Kurung"),
        ("+".join("a" * 302), 602, "operator"),
    ],
)
def test_refused_with_its_place(text, place, word):
    if place is None:  # a name is only a name
        assert parse(text) == Name(text)
        return
    with pytest.raises(FormulaError, match=word) as caught:
        parse(text)
    assert caught.value.position == place
    assert str(caught.value).endswith(f"(huruf ke-{place}).")


_NAMES = st.sampled_from(["a", "b2", "kpm"])
_LEAVES = st.one_of(
    st.builds(Number, st.from_regex(r"\A(0|[1-9]\d{0,5})(\.\d{1,4})?\Z")),
    st.builds(Name, _NAMES),
    st.builds(Ref, st.sampled_from(["t/x", "=t/*/a|b", "t/!x/<k>"])),
    st.builds(
        Pick,
        _NAMES,
        st.lists(
            st.one_of(
                st.builds(Selector, st.just("key"), value=st.builds(Text, st.sampled_from(["x", "a b", ""]))),
                st.builds(Selector, st.just("same"), _NAMES),
                st.builds(Selector, st.just("equals"), _NAMES, st.one_of(st.builds(Text, st.just("q")), st.builds(Name, _NAMES))),
                st.builds(Selector, st.sampled_from(["upto", "all"])),
            ),
            min_size=1, max_size=3,
        ).map(tuple),
    ),
)  # fmt: skip
TREES = st.recursive(
    _LEAVES,
    lambda x: st.one_of(
        st.builds(Binary, st.sampled_from("+-*/"), x, x),
        st.builds(Negative, x),
        st.builds(lambda f, a: Call(f, tuple(a)), st.sampled_from(["sum", "mean", "min", "max", "list"]), st.lists(x, min_size=1, max_size=3)),
        st.builds(lambda a: Call("round", (a, Number("1"))), x),
        st.builds(lambda s, a, b: Call("count", (Compare(s, a, b),)), st.sampled_from(["=", "!=", "<", ">="]), x, x),
        st.builds(lambda n: Call("previous", (Name(n),)), _NAMES),
    ),
    max_leaves=12,
)  # fmt: skip


@given(TREES)
def test_written_out_and_read_again_is_the_same_tree(tree):
    assert parse(to_text(tree)) == tree


@given(st.text(alphabet='ab1+-*/()[]=<>!|", .~lmxsu', max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        tree = parse(text)
    except FormulaError as error:
        assert error.position and 1 <= error.position <= len(text) + 1
    else:
        assert parse(to_text(tree)) == tree


def test_names_and_ids_in_order():
    tree = parse('b / a["x"] + [t/1] - sum(c[k=d]) * [t/2] + b')
    assert names(tree) == ("b", "a", "c", "k", "d")
    assert refs(tree) == ("t/1", "t/2")


def test_host_functions_must_be_declared():
    wider = COLUMNS.extended(rows=Function(("text", "any"), least=1, more=True))
    assert parse('rows("t", a, b != "x")', wider) == Call(
        "rows", (Text("t"), Name("a"), Compare("!=", Name("b"), Text("x")))
    )
    with pytest.raises(FormulaError, match="rows"):
        parse('rows("t")')


def test_id_patterns():
    ids = ["a/x/1", "a/y/1", "a/z/2", "ab/x/1", "a/x_n/1"]
    assert matching("a/*/1", ids) == ["a/x/1", "a/y/1", "a/x_n/1"]
    assert matching("a/x|z/*", ids) == ["a/x/1", "a/z/2"]
    assert matching("a/!x/1", ids) == ["a/y/1", "a/x_n/1"]
    assert matching("a/*_n/1", ids) == ["a/x_n/1"]
    assert matching("a/x.1", ids) == []
    assert pattern("a/x|z/*").fullmatch("a/z/2").groups() == ("z", "2")
    assert substitute("a/<k>/<n>", {"k": "x", "n": "1"}.__getitem__) == "a/x/1"
