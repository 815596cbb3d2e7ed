"""From rows to instances, with less work than `Model.__init__` does for each of them.

What comes from the database is complete and needs no defaults. An instance is filled as Django
fills it, past `__init__` and its signals, unless somebody listens to these or a model has an
`__init__` or `from_db` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.signals import post_init, pre_init
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)
Row = Sequence[Any]
Made = Callable[[Row], Model]


def instances_of(compiler: SQLCompiler, info: dict[str, Any]) -> Made:
    """What makes an instance of a row, with those that `select_related` fetched and what
    `annotate` added. `info` is the compiler's `klass_info`."""
    select, fields = compiler.select, info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in select[start:end]]
    made = _maker(info["model"], names)
    populators: Any = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg] # of Django 6
    related = [_related(populator) for populator in populators]
    annotations = list(compiler.annotation_col_map.items())

    def instance_of(row: Row) -> Model:
        instance = made(row[start:end])
        for populate in related:
            populate(row, instance)
        for name, at in annotations:
            setattr(instance, name, row[at])
        return instance

    return instance_of


def with_quick_instances(queryset: QuerySet[M]) -> QuerySet[M]:
    """The same rows. For lists of some hundred instances in one answer."""
    quick = queryset.all()
    quick._iterable_class = _Instances
    return quick


class _Instances(ModelIterable):  # type: ignore[type-arg] # not so when it runs
    def __iter__(self) -> Iterator[Any]:
        queryset: Any = self.queryset
        if queryset._known_related_objects:
            yield from super().__iter__()
            return
        compiler = queryset.query.get_compiler(using=queryset.db)
        rows = compiler.results_iter(
            compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        )
        yield from map(instances_of(compiler, compiler.klass_info), rows)


def _related(populator: Any) -> Callable[[Row, Model], None]:
    """As `populate` of Django's own does it."""
    if populator.reorder_for_init:
        return populator.populate  # type: ignore[no-any-return]
    start, end, key = populator.cols_start, populator.cols_end, populator.pk_idx
    made = _maker(populator.model_cls, populator.init_list)
    related = [_related(inner) for inner in populator.related_populators]
    set_here, set_there = populator.local_setter, populator.remote_setter

    def populate(row: Row, around: Model) -> None:
        values = row[start:end]
        if values[key] is None:
            set_here(around, None)
            return
        instance = made(values)
        for populate_inner in related:
            populate_inner(row, instance)
        set_here(around, instance)
        set_there(instance, around)

    return populate


def _maker(model: type[Model], names: Sequence[str]) -> Made:
    if _has_ways_of_its_own(model):
        return lambda values: model.from_db(DEFAULT_DB_ALIAS, names, values)

    def made(values: Row) -> Model:
        instance = model.__new__(model)
        state = ModelState()
        state.db, state.adding = DEFAULT_DB_ALIAS, False
        instance.__dict__.update(zip(names, values, strict=True), _state=state)
        return instance

    return made


def _has_ways_of_its_own(model: type[Model]) -> bool:
    return (
        model.__init__ is not Model.__init__
        or model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined]
        or pre_init.has_listeners(model)
        or post_init.has_listeners(model)
    )
