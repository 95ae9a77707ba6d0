#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace veche {

// Makes resource ids: lower-case ULIDs (26 characters of Crockford base 32: 48 bits of
// milliseconds, 80 random bits). They sort by time and stand in URLs as they are. Thread-safe.
class IdSource {
 public:
  virtual ~IdSource() = default;
  // An id of this instant.
  virtual std::string New() = 0;
  // An id that sorts as if made at `time`; for imported records.
  virtual std::string NewAt(absl::Time time) = 0;
};

// Ids from `clock` and the operating system's random source. `clock` must outlive it.
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
// The instant inside a ULID; InvalidArgument when it is none.
absl::StatusOr<absl::Time> UlidTime(absl::string_view id);

// `bytes` random bytes of the operating system's source, in base64url without padding: tokens,
// secrets.
std::string RandomToken(size_t bytes);

}  // namespace veche
