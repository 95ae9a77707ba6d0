#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace veche {

// Makes resource ids: lower-case ULIDs (26 characters of Crockford base 32: 48 bits of
// milliseconds, 80 random bits). They sort by time and need no escaping in URLs. Thread-safe.
class IdSource {
 public:
  virtual ~IdSource() = default;
  // An id of the present time.
  virtual std::string New() = 0;
  // An id that sorts as if made at `time`; for imported records.
  virtual std::string NewAt(absl::Time time) = 0;
};

// Ids from `clock` and the operating system's random source. `clock` must outlive the source.
class UlidSource final : public IdSource {
 public:
  explicit UlidSource(const Clock& clock) : clock_(clock) {}
  std::string New() override { return NewAt(clock_.Now()); }
  std::string NewAt(absl::Time time) override;

 private:
  const Clock& clock_;
};

// True for 26 characters of the lower-case Crockford alphabet.
bool IsUlid(absl::string_view id);
// The time in a ULID, to the millisecond; InvalidArgument when `id` is not a ULID.
absl::StatusOr<absl::Time> UlidTime(absl::string_view id);

// `bytes` random bytes of the operating system's source, in base64url without padding: tokens,
// secrets.
std::string RandomToken(size_t bytes);

}  // namespace veche
