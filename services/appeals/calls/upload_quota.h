#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/auth/principal.h"

namespace veche::appeals {

// Bytes that one uploader may have lying about in uploads of a day that no appeal has taken. Zero
// or less: no limit.
struct UploadLimits {
  int64_t per_account = 200 << 20;
  int64_t per_guest = 60 << 20;  // address
};

// What the uploads that run now come to, by uploader, so that many at once are no way around the
// limit. What has ended is counted by the store. Thread-safe; must outlive its shares.
class UploadQuota {
 public:
  explicit UploadQuota(UploadLimits limits);

  // Whose limit an upload counts for: an account's name, or a print of a guest's address that this
  // process alone can make.
  std::string UploaderOf(const auth::Principal& principal, absl::string_view address) const;
  int64_t LimitOf(const auth::Principal& principal) const;

  // The part of one upload that runs, given back with it.
  class Share {
   public:
    Share(UploadQuota& quota, std::string uploader, int64_t most)
        : quota_(quota), uploader_(std::move(uploader)), most_(most) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share();

    // UploadQuotaExceeded when all that run come to more than `most`.
    absl::Status Reserve(int64_t bytes);

   private:
    UploadQuota& quota_;
    const std::string uploader_;
    const int64_t most_;
    int64_t reserved_ = 0;
  };

 private:
  const UploadLimits limits_;
  const std::string secret_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, int64_t> running_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::appeals
