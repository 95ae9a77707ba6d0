#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// How appeals are ordered in storage. Pure.

namespace veche::appeals {

// An appeal's key in every table: the 42 bits of milliseconds of its ULID, then 21 of its random
// bits. Sorts by time like the id, takes 8 bytes in an index instead of 27, and turns a range of
// creation times into a range of keys. Two ids may have the same key (one in two million within the
// same millisecond): the store then refuses the second. 0 for a text that is not a ULID.
int64_t TimeKey(absl::string_view id);
// The smallest key of appeals created at `time` or later.
int64_t FirstTimeKeyAt(absl::Time time);

// `time` without the part below a millisecond, which ids do not hold.
absl::Time WholeMillis(absl::Time time);

// `time` as precisely as it is stored, so that the answer to a change and a later read agree.
absl::Time WholeMicros(absl::Time time);

// A 64-bit hash that represents a search term in the index.
int64_t TermKey(absl::string_view term);

}  // namespace veche::appeals
