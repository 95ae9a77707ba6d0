#include "services/polling/remote/issuers.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"

namespace veche::polling {
namespace {

constexpr char kService[] = "polling";
constexpr char kCity[] = "city";
constexpr absl::Duration kTimeout = absl::Seconds(2);
constexpr absl::Duration kKeyTimeout = absl::Seconds(5);  // making a key takes a second of one core

Issued FromWire(const issuer::v1::Issuance& issuance) {
  Issued issued;
  issued.final = issuance.closed();
  issued.counts.name = issuance.name();
  issued.counts.issued = issuance.issued_count();
  issued.counts.statement = issuance.statement();
  for (const auto& district : issuance.districts()) {
    issued.counts.districts.push_back({district.district(), district.issued_count()});
  }
  return issued;
}

}  // namespace

Issuers::Issuers(rpc::Channels& channels, std::string second, const Clock& clock)
    : pauses_(clock), identity_(identity::v1::Identity::NewStub(channels.For("identity"))) {
  names_.emplace_back(kCity);
  stubs_.push_back(issuer::v1::Issuer::NewStub(channels.For("issuer")));
  if (second.empty()) return;
  names_.push_back(std::move(second));
  stubs_.push_back(issuer::v1::Issuer::NewStub(channels.For("second_issuer")));
}

issuer::v1::Issuer::StubInterface& Issuers::StubOf(absl::string_view issuer) {
  return names_.size() == 2 && issuer == names_[1] ? *stubs_[1] : *stubs_[0];
}

template <typename Method, typename Request, typename Response>
absl::Status Issuers::Ask(absl::string_view issuer, Method method, absl::Duration timeout,
                          const Request& request, Response& response) {
  RETURN_IF_ERROR(pauses_.Check(issuer));
  const auto context = rpc::NewBackgroundContext(kService, timeout);
  return pauses_.Note(issuer,
                      rpc::FromGrpc((StubOf(issuer).*method)(context.get(), request, &response)));
}

absl::StatusOr<protocol::Definition::Issuer> Issuers::CreateKey(
    absl::string_view issuer, const protocol::Definition& definition) {
  issuer::v1::CreatePollKeyRequest request;
  request.set_poll(definition.poll);
  request.mutable_eligibility()->set_min_age(static_cast<int32_t>(definition.min_age));
  request.mutable_eligibility()->set_verified(definition.verified);
  for (const std::string& district : definition.districts) {
    request.mutable_eligibility()->add_districts(district);
  }
  *request.mutable_open_time() = api::ToTimestamp(absl::FromUnixSeconds(definition.open_time));
  *request.mutable_close_time() = api::ToTimestamp(absl::FromUnixSeconds(definition.close_time));
  issuer::v1::PollKey key;
  RETURN_IF_ERROR(
      Ask(issuer, &issuer::v1::Issuer::StubInterface::CreatePollKey, kKeyTimeout, request, key));
  if (key.name() != issuer) {
    return absl::FailedPreconditionError(
        absl::StrCat("the issuer ", issuer, " calls itself \"", key.name(),
                     "\", so it refuses the tokens of residents: set its issuer.name to ", issuer));
  }
  return protocol::Definition::Issuer{std::string(issuer), key.public_key(), key.statement_key()};
}

absl::StatusOr<std::string> Issuers::TokenFor(const rpc::Call& call, absl::string_view issuer,
                                              absl::string_view poll) {
  identity::v1::CreateIssuerTokenRequest request;
  request.set_issuer(std::string(issuer));
  request.set_poll(std::string(poll));
  identity::v1::CreateIssuerTokenResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(
      identity_->CreateIssuerToken(call.NewCallersContext().get(), request, &response)));
  return std::move(*response.mutable_token());
}

absl::StatusOr<std::string> Issuers::Issue(const rpc::Call& call, absl::string_view issuer,
                                           absl::string_view poll,
                                           const std::string& blinded_message) {
  ASSIGN_OR_RETURN(const std::string token, TokenFor(call, issuer, poll));
  issuer::v1::IssueCredentialRequest request;
  request.set_poll(std::string(poll));
  request.set_blinded_message(blinded_message);
  issuer::v1::IssueCredentialResponse response;
  const auto context = call.NewContext();
  context->AddMetadata("authorization", absl::StrCat("Bearer ", token));
  const absl::Status status =
      rpc::FromGrpc(StubOf(issuer).IssueCredential(context.get(), request, &response));
  // The caller has signed in: what is wrong is the issuer's name, its clock or its keys.
  if (absl::IsUnauthenticated(status)) {
    return absl::UnavailableError(
        absl::StrCat("the issuer ", issuer, " refuses the token of identity: ", status.message()));
  }
  RETURN_IF_ERROR(status);
  return std::move(*response.mutable_blind_signature());
}

absl::StatusOr<Issued> Issuers::Close(absl::string_view issuer, absl::string_view poll) {
  issuer::v1::ClosePollKeyRequest request;
  request.set_poll(std::string(poll));
  issuer::v1::Issuance issuance;
  RETURN_IF_ERROR(
      Ask(issuer, &issuer::v1::Issuer::StubInterface::ClosePollKey, kTimeout, request, issuance));
  return FromWire(issuance);
}

absl::StatusOr<Issued> Issuers::Count(absl::string_view issuer, absl::string_view poll) {
  issuer::v1::GetIssuanceRequest request;
  request.set_poll(std::string(poll));
  issuer::v1::Issuance issuance;
  RETURN_IF_ERROR(
      Ask(issuer, &issuer::v1::Issuer::StubInterface::GetIssuance, kTimeout, request, issuance));
  return FromWire(issuance);
}

}  // namespace veche::polling
