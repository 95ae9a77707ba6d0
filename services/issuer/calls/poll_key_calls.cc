#include "services/issuer/calls/poll_key_calls.h"

#include <optional>

#include "common/api/timestamp.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/blind_rsa/keys.h"
#include "common/crypto/ed25519.h"
#include "services/issuer/calls/convert.h"
#include "services/issuer/domain/errors.h"
#include "services/issuer/domain/issuance.h"

namespace veche::issuer {

absl::StatusOr<v1::PollKey> PollKeyCalls::CreatePollKey(const rpc::Call&,
                                                        const v1::CreatePollKeyRequest& request,
                                                        Violations violations) {
  const Poll poll = FromWire(request);
  CheckPoll(poll, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  std::optional<PollKey> key;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(key, parts_.store.GetPollKey(transaction, poll.id));
    return absl::OkStatus();
  }));
  if (!key) {
    const absl::Time now = parts_.clock.Now();
    if (poll.close_time <= now) violations.Add("closeTime", "CLOSE_IN_PAST");
    RETURN_IF_ERROR(violations.ToStatus());
    const blind_rsa::PrivateKey made = blind_rsa::PrivateKey::Generate();
    const PollKey candidate{.poll = poll,
                            .public_key = made.public_key().ToSpki(),
                            .sealed_key = parts_.vault.SealPollKey(poll.id, made)};
    RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(key, parts_.store.FindOrAddPollKey(transaction, candidate, now));
      return absl::OkStatus();
    }));
  }
  if (key->poll != poll) return PollKeyDiffers();
  v1::PollKey response;
  response.set_name(parts_.name);
  response.set_public_key(key->public_key);
  response.set_statement_key(crypto::Ed25519PublicBytes(parts_.statement_key));
  return response;
}

absl::StatusOr<v1::Issuance> PollKeyCalls::ClosePollKey(const rpc::Call&,
                                                        const v1::ClosePollKeyRequest& request) {
  bool destroyed = false;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(destroyed,
                     parts_.store.DestroyPollKey(transaction, request.poll(), DestroyCause::kCall,
                                                 parts_.clock.Now()));
    return absl::OkStatus();
  }));
  parts_.keys.Forget(request.poll());
  if (destroyed) {
    parts_.telemetry.logger->Info("poll key destroyed",
                                  {{"poll", request.poll()}, {"cause", "CALL"}});
  }
  return IssuanceOf(request.poll());
}

absl::StatusOr<v1::Issuance> PollKeyCalls::GetIssuance(const rpc::Call&,
                                                       const v1::GetIssuanceRequest& request) {
  return IssuanceOf(request.poll());
}

absl::StatusOr<v1::Issuance> PollKeyCalls::IssuanceOf(const std::string& poll) {
  std::optional<PollKey> key;
  DistrictCounts counts;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(key, parts_.store.GetPollKey(transaction, poll));
    ASSIGN_OR_RETURN(counts, parts_.store.CountCredentials(transaction, poll));
    return absl::OkStatus();
  }));
  if (!key) return PollKeyNotFound();
  const int64_t issued = Sum(counts);
  v1::Issuance issuance;
  issuance.set_poll(poll);
  issuance.set_name(parts_.name);
  issuance.set_issued_count(issued);
  for (const DistrictCount& count : PublishedCounts(counts)) {
    auto& wire = *issuance.add_districts();
    wire.set_district(count.district);
    wire.set_issued_count(count.count);
  }
  issuance.set_closed(key->destroyed());
  if (key->destroyed()) *issuance.mutable_close_time() = api::ToTimestamp(key->destroy_time);
  issuance.set_statement(crypto::Ed25519Sign(
      parts_.statement_key, StatementText(poll, issued, key->destroyed(), key->public_key)));
  return issuance;
}

}  // namespace veche::issuer
