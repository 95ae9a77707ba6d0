#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/blob/store.h"

namespace veche::blob {

struct CopyOptions {
  int threads = 8;
  int tries = 5;  // of a blob while a store is away
  absl::Duration pause = absl::Seconds(6);
  // Called for each blob that was not copied, by one thread at a time.
  std::function<void(absl::string_view key, const absl::Status& why)> on_failure;
};

struct CopyCounts {
  int64_t copied = 0;
  int64_t copied_bytes = 0;
  int64_t present = 0;  // were there, with the right content
  int64_t failed = 0;
  bool finished = false;  // false: a store stayed away, and blobs were not tried
};

// Copies all blobs of `from` to `to` under their keys. The content of each is verified, also of
// those that are there already: these are read, and replaced when they are damaged. So it can be
// repeated until all is copied; `from` may be in use. Blobs that are deleted meanwhile are left
// out. Returns an error when `from` cannot be listed.
absl::StatusOr<CopyCounts> Copy(Store& from, Store& to, const CopyOptions& options);

}  // namespace veche::blob
