#include "services/issuer/signing/signer.h"

#include "services/issuer/domain/errors.h"

namespace veche::issuer {

absl::StatusOr<std::string> Signer::Sign(const blind_rsa::PrivateKey& key,
                                         absl::string_view blinded) {
  {
    absl::MutexLock lock(&mutex_);
    if (!MayRun() && waiting_ >= options_.waiting) return IssuerBusy();
    ++waiting_;
    mutex_.Await(absl::Condition(this, &Signer::MayRun));
    --waiting_;
    ++running_;
  }
  absl::StatusOr<std::string> signature = key.BlindSign(blinded);
  absl::MutexLock lock(&mutex_);
  --running_;
  return signature;
}

}  // namespace veche::issuer
