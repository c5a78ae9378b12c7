# At run time Home Assistant serves probatio, a typed drop-in, under the name `voluptuous`. This
# stub tells mypy the same. It lists the names in use and no more: probatio has about a hundred that
# the alias does not offer, and a `*` would let them pass here and fail in a user's house.
from probatio import (
    ALLOW_EXTRA as ALLOW_EXTRA,
    PREVENT_EXTRA as PREVENT_EXTRA,
    REMOVE_EXTRA as REMOVE_EXTRA,
    UNDEFINED as UNDEFINED,
    All as All,
    Any as Any,
    Coerce as Coerce,
    Exclusive as Exclusive,
    In as In,
    Invalid as Invalid,
    Length as Length,
    Marker as Marker,
    Match as Match,
    Maybe as Maybe,
    MultipleInvalid as MultipleInvalid,
    Optional as Optional,
    Range as Range,
    Required as Required,
    Schema as Schema,
    Unique as Unique,
)
