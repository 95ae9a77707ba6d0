#include "services/appeals/calls/handlers.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "common/text/mask.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {
namespace {

constexpr int kTokenBytes = 32;
constexpr int kIdAttempts = 5;
constexpr absl::string_view kWebChannel = "web";
// Steps of one appeal; with its messages they still fit into one answer.
constexpr int64_t kMostSteps = 500;
constexpr int64_t kMostStepCharacters = 500'000;

Record SubmissionRecord(const Appeal& appeal, std::vector<std::string> attachments,
                        const std::string& owner) {
  Record record;
  const Actor author{Party::kAuthor, appeal.author, ""};
  Entry& entry = AddEntry(record, "SUBMITTED", author, appeal.created);
  entry.state = State::kSubmitted;
  entry.attach = std::move(attachments);
  entry.attach_owner = owner;
  AddEvent(record, "submitted", author);
  return record;
}

}  // namespace

Viewer ViewerOf(const rpc::Call& call, absl::string_view follow_token) {
  return {call.principal(), HashToken(follow_token)};
}

absl::StatusOr<v1::Appeal> Handlers::CreateAppeal(const rpc::Call& call,
                                                  const v1::CreateAppealRequest& request,
                                                  Violations violations) {
  const std::shared_ptr<const CitySnapshot> city = d_.city.Get();
  const auth::Principal& principal = call.principal();
  Appeal appeal;
  appeal.text = TakeText(request.text(), "text", kLongestText, false, violations);
  appeal.location = TakeLocation(request.has_location(), request.location(), violations);
  appeal.address = request.location().address();
  CheckCategory(request.category(), city.get(), "category", violations);
  CheckEnum(request.class_(), v1::Appeal::Class_IsValid, "class", violations);
  CheckEnum(request.kind(), v1::Appeal::Kind_IsValid, "kind", violations);
  CheckEnum(request.visibility(), v1::Appeal::Visibility_IsValid, "visibility", violations);
  const bool formal = request.class_() == v1::Appeal::FORMAL;
  if (formal && principal.staff()) violations.Add("class", "FORMAL is for residents");
  std::string contact;
  if (principal.anonymous()) contact = TakeContact(request.contact(), violations);
  std::vector<std::string> attachments = TakeAttachments(request.attachments(), violations);
  ASSIGN_OR_RETURN(appeal.attachments, FindUnused(call, attachments, violations));
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
  appeal.created = appeal.updated = WholeMillis(Now());
  if (d_.routing_patience != absl::InfiniteDuration()) {
    appeal.next_check = appeal.created + d_.routing_patience;
  }
  appeal.id = d_.ids.NewAt(appeal.created);
  appeal.author = principal.name;
  std::string follow_token;
  if (principal.anonymous()) {
    follow_token = RandomToken(kTokenBytes);
    appeal.follow_token_hash = HashToken(follow_token);
    if (!contact.empty()) {
      ASSIGN_OR_RETURN(appeal.author, RegisterGuest(call, contact, appeal.id));
    }
  }

  ASSIGN_OR_RETURN(appeal, d_.store.Number(std::move(appeal)));
  for (int attempt = 1;; ++attempt) {
    // The answer is made before the transaction, which others wait for.
    v1::Appeal response = ToWire(appeal, View::kAuthor);
    response.set_follow_token(follow_token);
    const auto created =
        d_.store.Create(appeal, SubmissionRecord(appeal, attachments, principal.name),
                        [&](sql::Transaction& transaction, const Appeal&) {
                          return call.Remember(transaction, response);
                        });
    if (created.ok()) return response;
    const bool key_taken = created.status().code() == absl::StatusCode::kAlreadyExists &&
                           ErrorReason(created.status()).empty();
    if (!key_taken || attempt == kIdAttempts) return created.status();
    appeal.id = d_.ids.NewAt(appeal.created);
  }
}

absl::StatusOr<std::string> Handlers::RegisterGuest(const rpc::Call& call,
                                                    absl::string_view contact,
                                                    absl::string_view appeal) {
  identity::v1::RegisterGuestRequest request;
  request.set_contact(std::string(contact));
  const auto& key = call.idempotency_key();
  // Hashed, as identity takes short ones and clients' keys are long.
  request.set_request_id(
      HashToken(key ? absl::StrCat("appeals/", key->caller, "/", key->key, "/", key->fingerprint)
                    : AppealName(appeal)));
  identity::v1::RegisterGuestResponse response;
  auto context = call.NewContext();
  const absl::Status status =
      rpc::FromGrpc(d_.identity.RegisterGuest(context.get(), request, &response));
  if (absl::IsInvalidArgument(status)) {
    // Its fields are not the client's, who has sent nothing but the contact.
    Violations violations;
    violations.Add("contact", "must be a phone number or an e-mail address that exists");
    return violations.ToStatus();
  }
  RETURN_IF_ERROR(status);
  return response.resident();
}

absl::StatusOr<std::vector<Attachment>> Handlers::FindUnused(const rpc::Call& call,
                                                             const std::vector<std::string>& ids,
                                                             Violations& violations) {
  ASSIGN_OR_RETURN(const std::vector<Attachment> unused,
                   d_.store.FindUnused(ids, call.principal().name));
  std::vector<Attachment> found;  // in the order that they are named in
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto it = absl::c_find_if(unused, [&](const Attachment& a) { return a.id == ids[i]; });
    if (it != unused.end()) {
      found.push_back(*it);
    } else {
      violations.Add(absl::StrCat("attachments[", i, "]"),
                     "is no attachment of yours that is still free to use");
    }
  }
  return found;
}

absl::StatusOr<Appeal> Handlers::Find(absl::string_view name, const Viewer& viewer) {
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(name));
  ASSIGN_OR_RETURN(Appeal appeal, d_.store.Get(id));
  if (ViewOf(appeal, viewer) == View::kNone) return AppealNotFound(name);
  return appeal;
}

absl::StatusOr<Ties> Handlers::TiesOf(const rpc::Call& call, absl::string_view id) {
  if (!call.principal().resident()) return Ties{};
  const std::string ids[] = {std::string(id)};
  ASSIGN_OR_RETURN(std::vector<Ties> ties, d_.store.GetTies(call.principal().name, ids));
  return ties[0];
}

absl::StatusOr<v1::Appeal> Handlers::GetAppeal(const rpc::Call& call,
                                               const v1::GetAppealRequest& request) {
  const Viewer viewer = ViewerOf(call, request.follow_token());
  ASSIGN_OR_RETURN(const Appeal appeal, Find(request.name(), viewer));
  ASSIGN_OR_RETURN(const Ties ties, TiesOf(call, appeal.id));
  return ToWire(appeal, ViewOf(appeal, viewer), ties);
}

absl::StatusOr<v1::Timeline> Handlers::GetTimeline(const rpc::Call& call,
                                                   const v1::GetTimelineRequest& request) {
  const Viewer viewer = ViewerOf(call, request.follow_token());
  ASSIGN_OR_RETURN(const Appeal appeal, Find(request.name(), viewer));
  ASSIGN_OR_RETURN(const std::vector<Entry> entries, d_.store.GetTimeline(appeal.id));
  return ToWire(entries, ViewOf(appeal, viewer));
}

absl::Status Handlers::WatchAppeal(
    const rpc::Call& call, const v1::WatchAppealRequest& request,
    std::shared_ptr<rpc::StreamWriter<v1::WatchAppealResponse>> writer) {
  const Viewer viewer = ViewerOf(call, request.follow_token());
  ASSIGN_OR_RETURN(const Appeal appeal, Find(request.name(), viewer));
  auto watcher = std::make_shared<Watcher>(viewer, request.last_event_id(), std::move(writer));
  RETURN_IF_ERROR(d_.watchers.Subscribe(appeal.id, watcher));
  // Read after Subscribe: what changes from here on is sent by the feed.
  ASSIGN_OR_RETURN(const Appeal now, d_.store.Get(appeal.id));
  ASSIGN_OR_RETURN(const Ties ties, TiesOf(call, appeal.id));
  watcher->Send(now, ties);
  return absl::OkStatus();
}

absl::StatusOr<v1::Appeal> Handlers::Change(const rpc::Call& call, const Target& target, By by,
                                            ActorChange change, CommitHook also) {
  const Viewer viewer = ViewerOf(call, target.follow_token);
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(target.name));
  ASSIGN_OR_RETURN(const Ties ties, TiesOf(call, id));
  View view = View::kNone;
  bool ends = false;
  auto guarded = [&](Appeal& appeal, Record& record) -> absl::Status {
    view = ViewOf(appeal, viewer);
    if (view == View::kNone && by != By::kModerator) return AppealNotFound(target.name);
    if (by == By::kAuthor && !IsAuthor(appeal, viewer)) return NotAuthor();
    if (by == By::kStaff && view != View::kStaff) return OtherDepartment();
    RETURN_IF_ERROR(CheckEtag(appeal, target.etag));
    appeal.updated = Now();
    const bool open = IsOpen(appeal.state);
    RETURN_IF_ERROR(change(
        appeal, by == By::kAuthor ? AuthorActor(appeal, viewer) : StaffActor(call.principal()),
        record));
    ends = open && !IsOpen(appeal.state);
    return absl::OkStatus();
  };
  v1::Appeal response;
  auto remember = [&](sql::Transaction& transaction, const Appeal& appeal) -> absl::Status {
    if (!ends) RETURN_IF_ERROR(CheckRoomForSteps(transaction, appeal));
    RETURN_IF_ERROR(also(transaction, appeal));
    response = ToWire(appeal, view == View::kNone ? View::kPublic : view, ties);
    if (by == By::kModerator && view != View::kStaff) AddModeration(appeal, response);
    return call.Remember(transaction, response);
  };
  RETURN_IF_ERROR(d_.store.Update(id, guarded, remember).status());
  return response;
}

// Staff who assign, author and staff who reopen and resolve in turn: somewhere there is an end.
absl::Status Handlers::CheckRoomForSteps(sql::Transaction& transaction, const Appeal& appeal) {
  // So few entries cannot hold too much.
  const bool few = appeal.entry_count <= kMostSteps &&
                   appeal.entry_count * static_cast<int64_t>(kLongestAnswer) <= kMostStepCharacters;
  if (few) return absl::OkStatus();
  ASSIGN_OR_RETURN(const EntryTotals totals, d_.store.CountStepsIn(transaction, appeal.id));
  const bool full = totals.count > kMostSteps || totals.characters > kMostStepCharacters;
  return full ? TimelineFull() : absl::OkStatus();
}

absl::StatusOr<v1::Appeal> Handlers::TakeStep(const rpc::Call& call, const Target& target, By by,
                                              Action action, absl::string_view comment) {
  return Change(call, target, by, [&](Appeal& appeal, const Actor& actor, Record& record) {
    return Take(
        appeal,
        {.action = action, .actor = actor, .now = appeal.updated, .comment = std::string(comment)},
        d_.calendar, record);
  });
}

}  // namespace veche::appeals
