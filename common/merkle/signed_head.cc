#include "common/merkle/signed_head.h"

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/crypto/ed25519.h"

namespace veche::merkle {
namespace {

constexpr absl::string_view kContext = "veche/head/v1";
constexpr size_t kMaxLogIdBytes = 0xffff;

void AppendBigEndian(uint64_t number, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(number >> shift));
  }
}

}  // namespace

absl::StatusOr<std::string> HeadBytes(const Head& head) {
  if (head.log_id.empty() || head.log_id.size() > kMaxLogIdBytes) {
    return absl::InvalidArgumentError("log_id must have 1 to 65535 bytes");
  }
  std::string bytes(kContext);
  AppendBigEndian(head.log_id.size(), 2, bytes);
  bytes += head.log_id;
  AppendBigEndian(head.size, 8, bytes);
  AppendBigEndian(head.unix_seconds, 8, bytes);
  bytes += std::string(HashBytes(head.root));
  return bytes;
}

absl::StatusOr<SignedHead> SignHead(const Head& head, const EVP_PKEY& key) {
  ASSIGN_OR_RETURN(const std::string bytes, HeadBytes(head));
  return SignedHead{head, crypto::Ed25519Sign(key, bytes)};
}

bool VerifyHead(const SignedHead& signed_head, const EVP_PKEY& key) {
  const absl::StatusOr<std::string> bytes = HeadBytes(signed_head.head);
  return bytes.ok() && crypto::Ed25519Verify(key, *bytes, signed_head.signature);
}

}  // namespace veche::merkle
