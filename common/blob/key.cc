#include "common/blob/key.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/id.h"

namespace veche::blob {
namespace {

constexpr absl::string_view kDomain = "blob";
constexpr size_t kHashLength = 64;
constexpr size_t kTokenBytes = 11;
constexpr size_t kTokenLength = 15;  // of 11 bytes in base64url

bool IsHash(absl::string_view text) {
  return text.size() == kHashLength && absl::c_all_of(text, [](char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

bool IsToken(absl::string_view text) {
  return text.size() == kTokenLength && absl::c_all_of(text, [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_';
         });
}

}  // namespace

bool IsKey(absl::string_view key) {
  if (!IsHash(key.substr(0, kHashLength))) return false;
  const absl::string_view rest = key.substr(kHashLength);
  return rest.empty() || (rest[0] == '-' && IsToken(rest.substr(1)));
}

std::string UniqueKey(absl::string_view sha256) {
  return absl::StrCat(sha256, "-", RandomToken(kTokenBytes));
}

absl::string_view Sha256Of(absl::string_view key) { return key.substr(0, kHashLength); }

absl::Status BlobNotFound() {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "BLOB_NOT_FOUND");
}

absl::Status StorageUnavailable() {
  return MakeError(absl::StatusCode::kUnavailable, kDomain, "STORAGE_UNAVAILABLE");
}

absl::Status DiskFull() {
  return MakeError(absl::StatusCode::kResourceExhausted, kDomain, "DISK_FULL");
}

absl::Status BlobDamaged() {
  return MakeError(absl::StatusCode::kDataLoss, kDomain, "BLOB_DAMAGED");
}

}  // namespace veche::blob
