#include "services/appeals/calls/submit_calls.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "common/text/mask.h"
#include "services/appeals/calls/caller.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/changes.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {
namespace {

constexpr int kIdAttempts = 5;
constexpr absl::string_view kWebChannel = "web";

Record SubmissionRecord(const Appeal& appeal, const std::vector<std::string>& attachments,
                        const std::string& owner) {
  Record record;
  const Actor author{Party::kAuthor, appeal.author, ""};
  Entry& entry = AddEntry(record, EntryType::kSubmitted, author, appeal.created);
  entry.state = State::kSubmitted;
  entry.attach = attachments;
  entry.attach_owner = owner;
  AddEvent(record, EventType::kSubmitted, author);
  return record;
}

}  // namespace

absl::StatusOr<SubmitCalls::Submission> SubmitCalls::Read(const rpc::Call& call,
                                                          const v1::CreateAppealRequest& request,
                                                          Violations violations) {
  const std::shared_ptr<const CitySnapshot> city = parts_.city();
  const auth::Principal& principal = call.principal();
  Submission submission;
  Appeal& appeal = submission.appeal;
  appeal.text = ReadText(request.text(), "text", kLongestText, false, violations);
  appeal.location = ReadLocation(request.has_location(), request.location(), violations);
  appeal.address = request.location().address();
  CheckCategory(request.category(), city.get(), "category", violations);
  CheckEnum(request.class_(), v1::Appeal::Class_IsValid, "class", violations);
  CheckEnum(request.kind(), v1::Appeal::Kind_IsValid, "kind", violations);
  CheckEnum(request.visibility(), v1::Appeal::Visibility_IsValid, "visibility", violations);
  const bool formal = request.class_() == v1::Appeal::FORMAL;
  if (formal && principal.staff()) violations.Add("class", "FORMAL_FOR_RESIDENTS");
  if (principal.anonymous()) submission.contact = ReadContact(request.contact(), violations);
  submission.attachments = ReadAttachments(request.attachments(), violations);
  ASSIGN_OR_RETURN(appeal.attachments,
                   FindUnused(parts_.store, call, submission.attachments, violations));
  RETURN_IF_ERROR(violations.ToStatus());
  if (formal && principal.anonymous()) return SignInNeeded();

  if (request.class_() != 0) appeal.appeal_class = static_cast<Class>(request.class_());
  if (request.kind() != 0) appeal.kind = static_cast<Kind>(request.kind());
  if (request.visibility() != 0) appeal.visibility = static_cast<Visibility>(request.visibility());
  if (appeal.appeal_class == Class::kFormal) appeal.visibility = Visibility::kPrivate;
  appeal.clock.formal = appeal.appeal_class == Class::kFormal;
  appeal.category = request.category();
  if (city != nullptr && appeal.location) appeal.district = city->DistrictAt(*appeal.location);
  appeal.channel = std::string(kWebChannel);
  if (std::string masked = text::MaskPersonalData(appeal.text); masked != appeal.text) {
    appeal.masked_text = std::move(masked);
  }
  appeal.author = principal.name;
  return submission;
}

absl::StatusOr<v1::Appeal> SubmitCalls::CreateAppeal(const rpc::Call& call,
                                                     const v1::CreateAppealRequest& request,
                                                     Violations violations) {
  ASSIGN_OR_RETURN(Submission submission, Read(call, request, std::move(violations)));
  Appeal& appeal = submission.appeal;
  appeal.created = appeal.updated = WholeMillis(parts_.clock.Now());
  if (parts_.routing_patience != absl::InfiniteDuration()) {
    appeal.next_check = appeal.created + parts_.routing_patience;
  }
  appeal.id = parts_.ids.NewAt(appeal.created);
  const bool guest = call.principal().anonymous();
  if (guest && !submission.contact.empty()) {
    ASSIGN_OR_RETURN(appeal.author, RegisterGuest(call, submission.contact, appeal.id));
  }

  ASSIGN_OR_RETURN(appeal, parts_.store.Number(std::move(appeal)));
  for (int attempt = 1;; ++attempt) {
    const std::string follow_token = guest ? parts_.tokens.For(appeal.id) : "";
    appeal.follow_token_hash = HashToken(follow_token);
    // The rows and the answer are made before the transaction, so that other writers wait less.
    const PreparedAppeal prepared = parts_.store.PrepareNew(
        appeal, SubmissionRecord(appeal, submission.attachments, call.principal().name));
    v1::Appeal response = ToWire(appeal, View::kAuthor);
    if (!follow_token.empty()) response.set_follow_token(follow_token);
    const absl::Status created =
        parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
          RETURN_IF_ERROR(parts_.store.Create(transaction, prepared));
          return call.Remember(transaction, response);
        });
    if (created.ok()) return response;
    const bool key_taken =
        created.code() == absl::StatusCode::kAlreadyExists && ErrorReason(created).empty();
    if (!key_taken || attempt == kIdAttempts) return created;
    appeal.id = parts_.ids.NewAt(appeal.created);
  }
}

absl::StatusOr<std::string> SubmitCalls::RegisterGuest(const rpc::Call& call,
                                                       absl::string_view contact,
                                                       absl::string_view appeal) {
  identity::v1::RegisterGuestRequest request;
  request.set_contact(std::string(contact));
  const auto& key = call.idempotency_key();
  // Hashed, because identity accepts only short request ids and clients' keys are long.
  request.set_request_id(
      HashToken(key ? absl::StrCat("appeals/", key->caller, "/", key->key, "/", key->fingerprint)
                    : AppealName(appeal)));
  identity::v1::RegisterGuestResponse response;
  auto context = call.NewContext();
  const absl::Status status =
      rpc::FromGrpc(parts_.identity.RegisterGuest(context.get(), request, &response));
  if (absl::IsInvalidArgument(status)) {
    // The violations of identity name fields that the client did not send.
    Violations violations;
    violations.Add("contact", "CONTACT_UNREACHABLE");
    return violations.ToStatus();
  }
  RETURN_IF_ERROR(status);
  return response.resident();
}

}  // namespace veche::appeals
