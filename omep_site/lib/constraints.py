"""Rules that the database itself holds, beside those that Django knows."""

from django.db.models import BaseConstraint


class CompositeForeignKey(BaseConstraint):
    """Several columns of a row must stand together in one row of a table: a reply and what it answers share an event.

    `columns` refer to `to_columns` of `to_table`, which must be unique together there. A row in which one of them is
    empty refers to nothing (SQL's MATCH SIMPLE). Checked at the end of the transaction, as Django's own foreign keys
    are. A form checks it in its own words before.
    """

    def __init__(self, *, name: str, columns: list[str], to_table: str, to_columns: list[str]):
        super().__init__(name=name)
        self.columns, self.to_table, self.to_columns = columns, to_table, to_columns

    def constraint_sql(self, model, schema_editor) -> str:
        def named(columns):
            return ", ".join(schema_editor.quote_name(column) for column in columns)

        # The table by its own name, not the model's: while SQLite rebuilds a table, the model has another one.
        return (
            f"CONSTRAINT {schema_editor.quote_name(self.name)} FOREIGN KEY ({named(self.columns)})"
            f" REFERENCES {schema_editor.quote_name(self.to_table)} ({named(self.to_columns)})"
            " DEFERRABLE INITIALLY DEFERRED"
        )

    def create_sql(self, model, schema_editor) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model, schema_editor) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def validate(self, model, instance, exclude=None, using=None) -> None:
        """Nothing: the database says it at the end of the transaction."""

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"columns": self.columns, "to_table": self.to_table, "to_columns": self.to_columns}

    def __eq__(self, other):
        return isinstance(other, CompositeForeignKey) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__
