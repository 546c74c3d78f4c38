"""The page and the sheet after a visit, made from what was treated in it."""
