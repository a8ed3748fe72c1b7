from tools import made_up_shop


def test_the_example_is_what_the_module_writes():
    assert made_up_shop.FILE.read_text(encoding="utf-8") == made_up_shop.text()


def test_nobody_in_it_is_real():
    rows = [row for order in made_up_shop.orders() for row in order]
    assert all(row["Email"].endswith("@example.com") for row in rows)
    assert not any(name in row for row in rows for name in ("Billing Name", "Phone"))


def test_what_belongs_to_the_order_is_on_its_first_row_only():
    several = [order for order in made_up_shop.orders() if len(order) > 1]
    assert several
    assert all("Financial Status" in first for first, *_ in several)
    assert not any("Financial Status" in row for _, *others in several for row in others)
