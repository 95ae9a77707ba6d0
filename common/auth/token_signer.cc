#include "absl/strings/escaping.h"
#include "common/auth/jwt.h"
#include "common/auth/token.h"
#include "common/base/status_macros.h"
#include "common/crypto/ed25519.h"
#include "common/crypto/sha256.h"

namespace veche::auth {
namespace {

constexpr size_t kKeyIdBytes = 8;

class Ed25519Signer final : public TokenSigner {
 public:
  explicit Ed25519Signer(crypto::EvpKey key) : key_(std::move(key)) {
    public_key_.bytes = crypto::Ed25519PublicBytes(*key_);
    public_key_.id =
        absl::BytesToHexString(crypto::Sha256(public_key_.bytes).substr(0, kKeyIdBytes));
  }

  std::string ToPem() const override { return crypto::Ed25519ToPem(*key_); }
  const PublicKey& public_key() const override { return public_key_; }

  std::string Sign(const Principal& principal, absl::Time now) const override {
    const absl::Duration lifetime =
        principal.audience.empty() ? kAccessTokenLifetime : kAudienceTokenLifetime;
    std::string token = UnsignedToken(public_key_.id, principal, now, now + lifetime);
    const std::string signature = crypto::Ed25519Sign(*key_, token);
    return FinishToken(std::move(token), signature);
  }

 private:
  const crypto::EvpKey key_;
  PublicKey public_key_;
};

}  // namespace

std::unique_ptr<TokenSigner> TokenSigner::Generate() {
  return std::make_unique<Ed25519Signer>(crypto::GenerateEd25519());
}

absl::StatusOr<std::unique_ptr<TokenSigner>> TokenSigner::FromPem(absl::string_view pem) {
  ASSIGN_OR_RETURN(crypto::EvpKey key, crypto::Ed25519FromPem(pem));
  return std::make_unique<Ed25519Signer>(std::move(key));
}

}  // namespace veche::auth
