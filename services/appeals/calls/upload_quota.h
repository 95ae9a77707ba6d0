#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/auth/principal.h"

namespace veche::appeals {

// The most bytes that one uploader may upload in a day without attaching them to an appeal. Zero or
// less: no limit.
struct UploadLimits {
  int64_t per_account = 200 << 20;
  int64_t per_guest = 60 << 20;  // by address
};

// Counts the bytes of running uploads by uploader, so that parallel uploads cannot exceed the
// limit. The store counts finished uploads. Thread-safe; must outlive its shares.
class UploadQuota {
 public:
  explicit UploadQuota(UploadLimits limits);

  // The key under which an upload is counted: an account's name, or a hash of a guest's address
  // that only this process can compute.
  std::string UploaderOf(const auth::Principal& principal, absl::string_view address) const;
  int64_t LimitOf(const auth::Principal& principal) const;

  // The bytes of one running upload, released when it is destroyed.
  class Share {
   public:
    Share(UploadQuota& quota, std::string uploader, int64_t most)
        : quota_(quota), uploader_(std::move(uploader)), most_(most) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share();

    // UploadQuotaExceeded when the uploader's running uploads exceed `most`.
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
