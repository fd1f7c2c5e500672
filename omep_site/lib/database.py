import hashlib
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators
from django.utils.translation import get_language


def pending_migrations() -> int:
    """How many migrations the database still lacks. Raises django.db.Error where it does not answer."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def take_turn(*about) -> None:
    """Call inside a transaction: waits until every other transaction that took its turn about the same has ended.

    SQLite has one writer at a time anyway (our transactions are IMMEDIATE); PostgreSQL has a lock for it that the end
    of the transaction gives back. Two subjects that share a lock by chance only wait for each other.
    """
    if connection.vendor == "postgresql":
        digest = hashlib.blake2b(repr(about).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, signed=True)])


class Slot(str):
    """The name of a value that a prepared query is given each time; for texts it may stand in a query as it is."""


def slot(name: str) -> RawSQL:
    """Stands in a prepared query for the value of that name, as the database takes it."""
    return RawSQL("%s", [Slot(name)])


class Made:
    """The SQL of a prepared query, and what becomes of its rows: as in Django's own ModelIterable and SQLCompiler."""

    def __init__(self, queryset: models.QuerySet):
        compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        self.names = [alias for _column, _sql, alias in compiler.select]
        # What the database gives is not yet what a field has in Python: SQLite has no moments, say.
        self.converters = [(at, *converter) for at, converter in compiler.get_converters(columns).items()]
        if not queryset._fields:  # rows of a model, and not `values`
            self.model, fields = compiler.klass_info["model"], compiler.klass_info["select_fields"]
            self.fields = slice(fields[0], fields[-1] + 1)
            self.attributes = [column.target.attname for column in columns[self.fields]]
            self.related = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)
            self.annotations = list(compiler.annotation_col_map.items())

    def ask(self, values: dict) -> list[tuple]:
        database = this_threads()
        with database.cursor() as cursor:
            cursor.execute(self.sql, [values[each] if isinstance(each, Slot) else each for each in self.params])
            found = cursor.fetchall()
        if not self.converters:
            return found
        rows = [list(row) for row in found]
        for at, functions, expression in self.converters:
            for function in functions:
                for row in rows:
                    row[at] = function(row[at], expression, database)
        return rows


class Prepared:
    """A query whose SQL is made once in a process: to make it takes Django ten times as long as to ask it.

    `make` gives a queryset, in which `slot("name")` stands for each value that comes later. What it says may depend on the
    active language.
    """

    def __init__(self, make: Callable[[], models.QuerySet]):
        self.make = make
        self.made: dict[tuple, Made] = {}  # by the kind of database, and the language

    def rows(self, **values) -> list[dict]:
        """The rows of a queryset of `values`."""
        made = self._made()
        return [dict(zip(made.names, row, strict=True)) for row in made.ask(values)]

    def objects(self, **values) -> list:
        """The rows as what they are, with what the queryset says by `annotate` and `select_related`."""
        made, found = self._made(), []
        for row in made.ask(values):
            each = made.model.from_db(DEFAULT_DB_ALIAS, made.attributes, row[made.fields])
            for populator in made.related:
                populator.populate(row, each)
            for name, at in made.annotations:
                setattr(each, name, row[at])
            found.append(each)
        return found

    def _made(self) -> Made:
        key = (this_threads().vendor, get_language())
        made = self.made.get(key)
        if made is None:
            made = self.made[key] = Made(self.make())
        return made


_inserts: dict[tuple, tuple] = {}


def insert(row: models.Model) -> None:
    """Stores a new row as its `save()` does, signals left out, with SQL that is made once in a process."""
    database = this_threads()
    made = _inserts.get((type(row), database.vendor))
    if made is None:
        fields = [field for field in row._meta.concrete_fields if not field.primary_key]
        quote = database.ops.quote_name
        columns = ", ".join(quote(field.column) for field in fields)
        sql = f"INSERT INTO {quote(row._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608
        if database.vendor != "sqlite":  # which tells the number without being asked, and twice as quickly
            sql += f" RETURNING {quote(row._meta.pk.column)}"
        texts = [isinstance(field, (models.CharField, models.TextField)) for field in fields]
        made = _inserts[type(row), database.vendor] = (sql, list(zip(fields, texts, strict=True)))
    sql, fields = made
    values = []
    for field, is_text in fields:
        value = field.pre_save(row, add=True)
        # A text is stored as it is; what else there is, a moment or a list, is made ready by its field.
        values.append(value if is_text and type(value) is str else field.get_db_prep_save(value, database))
    with transaction.mark_for_rollback_on_error(database.alias), database.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.lastrowid if database.vendor == "sqlite" else cursor.fetchone()[0]
    row._state.adding, row._state.db = False, database.alias


def this_threads():
    """The connection itself: `django.db.connection` looks for it each time that something is asked of it."""
    return connections[DEFAULT_DB_ALIAS]


def moment(value):
    """A moment as the database takes it, for a slot."""
    return connection.ops.adapt_datetimefield_value(value)
