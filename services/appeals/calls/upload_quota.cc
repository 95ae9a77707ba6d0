#include "services/appeals/calls/upload_quota.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "services/appeals/domain/errors.h"

namespace veche::appeals {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr size_t kPrintBytes = 16;

}  // namespace

UploadQuota::UploadQuota(UploadLimits limits)
    : limits_(limits), secret_(RandomToken(kSecretBytes)) {}

std::string UploadQuota::UploaderOf(const auth::Principal& principal,
                                    absl::string_view address) const {
  if (!principal.anonymous()) return principal.name;
  unsigned char digest[EVP_MAX_MD_SIZE];
  HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
       reinterpret_cast<const unsigned char*>(address.data()), address.size(), digest, nullptr);
  return absl::StrCat("guests/", absl::BytesToHexString(absl::string_view(
                                     reinterpret_cast<const char*>(digest), kPrintBytes)));
}

int64_t UploadQuota::LimitOf(const auth::Principal& principal) const {
  const int64_t limit = principal.anonymous() ? limits_.per_guest : limits_.per_account;
  return limit > 0 ? limit : std::numeric_limits<int64_t>::max();
}

UploadQuota::Share::~Share() {
  absl::MutexLock lock(&quota_.mutex_);
  auto it = quota_.running_.find(uploader_);
  if (it != quota_.running_.end() && (it->second -= reserved_) <= 0) quota_.running_.erase(it);
}

absl::Status UploadQuota::Share::Reserve(int64_t bytes) {
  absl::MutexLock lock(&quota_.mutex_);
  int64_t& running = quota_.running_[uploader_];
  running += bytes;
  reserved_ += bytes;
  return running > most_ ? UploadQuotaExceeded() : absl::OkStatus();
}

}  // namespace veche::appeals
