#include "services/polling/calls/initiative_calls.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/api/page.h"
#include "common/base/status_macros.h"
#include "services/polling/calls/discussion_view.h"
#include "services/polling/calls/initiative_view.h"
#include "services/polling/domain/initiative_errors.h"
#include "services/polling/domain/initiative_names.h"
#include "services/polling/domain/similar.h"

namespace veche::polling {
namespace {

constexpr TextBounds kTitle = {.least = 5, .most = 140, .single_line = true};
constexpr TextBounds kText = {.least = 20, .most = 10'000};
constexpr int kMostAppeals = 100;

// The part that both kinds of proposals have.
template <typename Request>
Initiative ReadProposal(const Request& request, Violations& violations) {
  Initiative initiative;
  initiative.title = ReadText(request.title(), "title", kTitle, violations);
  initiative.text = ReadText(request.text(), "text", kText, violations);
  initiative.masked_title = MaskIfNeeded(initiative.title);
  initiative.masked_text = MaskIfNeeded(initiative.text);
  CheckReference("districts", request.district(), "district", violations);
  CheckReference("categories", request.category(), "category", violations);
  initiative.district = request.district();
  initiative.category = request.category();
  return initiative;
}

std::vector<std::string> ReadAppeals(const google::protobuf::RepeatedPtrField<std::string>& names,
                                     Violations& violations) {
  if (names.empty()) violations.Add("appeals", "REQUIRED");
  if (names.size() > kMostAppeals) {
    violations.Add("appeals", {"TOO_MANY", {{"most", absl::StrCat(kMostAppeals)}}});
    return {};
  }
  std::vector<std::string> appeals;
  for (int i = 0; i < names.size(); ++i) {
    const std::string field = absl::StrCat("appeals[", i, "]");
    if (!IsReference("appeals", names[i])) {
      violations.Add(field, {"NAME_FORM", {{"form", "appeals/{id}"}}});
    } else if (std::find(appeals.begin(), appeals.end(), names[i]) != appeals.end()) {
      violations.Add(field, "REPEATED");
    } else {
      appeals.push_back(names[i]);
    }
  }
  return appeals;
}

// "{supporters},{id}" and "{id}".
std::optional<InitiativePlace> ParsePlace(absl::string_view place) {
  const std::vector<absl::string_view> parts = absl::StrSplit(place, ',');
  InitiativePlace parsed;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &parsed.supporter_count) ||
      !IsUlid(parts[1])) {
    return std::nullopt;
  }
  parsed.id = std::string(parts[1]);
  return parsed;
}
bool IsPlace(absl::string_view place) { return ParsePlace(place).has_value(); }

}  // namespace

absl::Status InitiativeCalls::CheckDistrict(const std::string& district,
                                            Violations& violations) const {
  if (district.empty() || parts_.districts == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> districts, parts_.districts());
  if (std::find(districts.begin(), districts.end(), district) == districts.end()) {
    violations.Add("district", "DISTRICT_UNKNOWN");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Picture>> InitiativeCalls::TakePictures(const rpc::Call& call,
                                                                   const Names& names,
                                                                   Initiative& initiative,
                                                                   Violations& violations) const {
  std::vector<Picture> pictures;
  if (names.size() > kMostPictures) {
    violations.Add("pictures", {"TOO_MANY", {{"most", absl::StrCat(kMostPictures)}}});
    return pictures;
  }
  for (int i = 0; i < names.size(); ++i) {
    const std::string field = absl::StrCat("pictures[", i, "]");
    if (!IsReference("attachments", names[i])) {
      violations.Add(field, {"NAME_FORM", {{"form", "attachments/{id}"}}});
      continue;
    }
    ASSIGN_OR_RETURN(std::optional<Picture> picture,
                     FetchPicture(parts_.uploads, call, names[i], field, violations));
    if (!picture) continue;
    if (absl::c_linear_search(initiative.pictures, picture->hash)) {
      violations.Add(field, "REPEATED");
      continue;
    }
    initiative.pictures.push_back(picture->hash);
    pictures.push_back(*std::move(picture));
  }
  return pictures;
}

absl::StatusOr<v1::Initiative> InitiativeCalls::Add(const rpc::Call& call,
                                                    const Initiative& initiative,
                                                    const std::vector<Picture>& pictures,
                                                    const std::vector<std::string>& appeals,
                                                    const InitiativeRecord& record) {
  const std::vector<std::string> terms =
      ProposalTerms(PublicTitle(initiative), PublicText(initiative));
  v1::Initiative response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    if (call.principal().resident()) {
      RETURN_IF_ERROR(parts_.store.LockWriter(transaction, initiative.author, initiative.created));
      ASSIGN_OR_RETURN(const int64_t today,
                       parts_.store.CountProposed(transaction, initiative.author,
                                                  initiative.created - absl::Hours(24)));
      if (today >= kMostInitiativesADay) return TooManyInitiatives(absl::Hours(24));
    }
    for (const Picture& picture : pictures) {
      RETURN_IF_ERROR(PictureStore().Add(transaction, picture));
    }
    RETURN_IF_ERROR(parts_.store.Create(transaction, initiative, terms, appeals, record));
    ASSIGN_OR_RETURN(response,
                     ToWireWhole(transaction, parts_.store, initiative, call.principal()));
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Initiative> InitiativeCalls::CreateInitiative(
    const rpc::Call& call, const v1::CreateInitiativeRequest& request, Violations violations) {
  Initiative initiative = ReadProposal(request, violations);
  RETURN_IF_ERROR(CheckDistrict(initiative.district, violations));
  ASSIGN_OR_RETURN(const std::vector<Picture> pictures,
                   TakePictures(call, request.pictures(), initiative, violations));
  RETURN_IF_ERROR(violations.ToStatus());
  initiative.created = absl::FromUnixMillis(absl::ToUnixMillis(parts_.clock.Now()));
  initiative.id = parts_.ids.NewAt(initiative.created);
  initiative.author = call.principal().name;
  InitiativeRecord record;
  record.entries.push_back({.type = InitiativeEntryType::kSubmitted,
                            .time = initiative.created,
                            .actor = initiative.author});
  record.events.push_back({InitiativeEvent::kSubmitted});
  return Add(call, initiative, pictures, {}, record);
}

absl::StatusOr<v1::Initiative> InitiativeCalls::CreateInitiativeFromAppeals(
    const rpc::Call& call, const v1::CreateInitiativeFromAppealsRequest& request,
    Violations violations) {
  Initiative initiative = ReadProposal(request, violations);
  RETURN_IF_ERROR(CheckDistrict(initiative.district, violations));
  const std::vector<std::string> appeals = ReadAppeals(request.appeals(), violations);
  ASSIGN_OR_RETURN(const std::vector<Picture> pictures,
                   TakePictures(call, request.pictures(), initiative, violations));
  RETURN_IF_ERROR(violations.ToStatus());
  initiative.created = absl::FromUnixMillis(absl::ToUnixMillis(parts_.clock.Now()));
  initiative.id = parts_.ids.NewAt(initiative.created);
  initiative.author = call.principal().name;
  InitiativeRecord record;
  record.entries.push_back({.type = InitiativeEntryType::kSubmitted,
                            .time = initiative.created,
                            .actor = initiative.author,
                            .department = call.principal().department});
  // Staff speak for the city: no moderator has to look.
  InitiativeActor actor = ActorOf(call.principal(), initiative);
  actor.parties.push_back(InitiativeParty::kModerator);
  RETURN_IF_ERROR(Approve(actor, parts_.rules, initiative.created, initiative, record));
  return Add(call, initiative, pictures, appeals, record);
}

absl::StatusOr<v1::ListInitiativesResponse> InitiativeCalls::ListInitiatives(
    const rpc::Call& call, const v1::ListInitiativesRequest& request, Violations violations) {
  const auth::Principal& principal = call.principal();
  CheckReference("districts", request.district(), "district", violations);
  CheckReference("categories", request.category(), "category", violations);
  CheckReference("appeals", request.appeal(), "appeal", violations);
  if (!v1::Initiative::State_IsValid(request.state())) violations.Add("state", "UNKNOWN_VALUE");
  if (!v1::ListInitiativesRequest::Sort_IsValid(request.sort())) {
    violations.Add("sort", "UNKNOWN_VALUE");
  }
  const api::Page asked(request, request.mine() ? principal.name : "", violations);
  const auto place = ParsePlace(asked.Place(IsPlace, violations));
  RETURN_IF_ERROR(violations.ToStatus());
  v1::ListInitiativesResponse response;
  // A guest has no own initiatives.
  if (request.mine() && principal.anonymous()) return response;

  InitiativeFilter filter;
  if (request.mine()) filter.author = principal.name;
  if (request.state() != 0) filter.state = static_cast<InitiativeState>(request.state());
  const bool of_moderators =
      request.state() == v1::Initiative::MODERATION || request.state() == v1::Initiative::REJECTED;
  filter.published = !(of_moderators && IsModerator(principal));
  filter.district = request.district();
  filter.category = request.category();
  filter.by_supporters = request.sort() == v1::ListInitiativesRequest::SUPPORTERS;
  std::vector<Initiative> initiatives;
  std::vector<v1::Initiative> wires;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    if (!request.appeal().empty()) {
      ASSIGN_OR_RETURN(initiatives,
                       parts_.store.ListOfAppeal(transaction, request.appeal(),
                                                 place ? place->id : "", asked.size()));
    } else {
      ASSIGN_OR_RETURN(initiatives, parts_.store.List(transaction, filter, place, asked.size()));
    }
    ASSIGN_OR_RETURN(wires, ToWire(transaction, parts_.store, initiatives, principal));
    return absl::OkStatus();
  }));
  api::PageBudget budget;
  for (size_t i = 0; i < wires.size(); ++i) {
    if (static_cast<int>(i) == asked.size() || !budget.Fits(wires[i])) {
      const Initiative& last = initiatives[i - 1];
      response.set_next_page_token(
          asked.TokenAfter(absl::StrCat(last.supporter_count, ",", last.id)));
      break;
    }
    *response.add_initiatives() = std::move(wires[i]);
  }
  return response;
}

absl::StatusOr<v1::Initiative> InitiativeCalls::GetInitiative(
    const rpc::Call& call, const v1::GetInitiativeRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseInitiativeName(request.name()));
  v1::Initiative response;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Initiative initiative, parts_.store.Get(transaction, id));
    RETURN_IF_ERROR(CheckVisible(call.principal(), initiative));
    ASSIGN_OR_RETURN(response,
                     ToWireWhole(transaction, parts_.store, initiative, call.principal()));
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::SuggestInitiativesResponse> InitiativeCalls::SuggestInitiatives(
    const rpc::Call& call, const v1::SuggestInitiativesRequest& request, Violations violations) {
  const std::string title = ReadText(
      request.title(), "title", {.least = 1, .most = kTitle.most, .single_line = true}, violations);
  const std::string text =
      ReadText(request.text(), "text", {.least = 0, .most = kText.most}, violations);
  CheckReference("districts", request.district(), "district", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const std::vector<std::string> terms = ProposalTerms(title, text);
  std::vector<InitiativeTerms> open;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(open, parts_.store.ListOpen(transaction, request.district(), kMostCompared));
    return absl::OkStatus();
  }));
  std::vector<std::vector<std::string>> candidates;
  candidates.reserve(open.size());
  for (InitiativeTerms& initiative : open) candidates.push_back(std::move(initiative.terms));
  v1::SuggestInitiativesResponse response;
  const std::vector<Similar> ranked = RankSimilar(terms, candidates);
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    response.Clear();
    std::vector<Initiative> similar;
    similar.reserve(ranked.size());
    for (const Similar& found : ranked) {
      ASSIGN_OR_RETURN(similar.emplace_back(), parts_.store.Get(transaction, open[found.index].id));
    }
    ASSIGN_OR_RETURN(auto wires, ToWire(transaction, parts_.store, similar, call.principal()));
    for (size_t i = 0; i < wires.size(); ++i) {
      auto& candidate = *response.add_candidates();
      *candidate.mutable_initiative() = std::move(wires[i]);
      candidate.set_score(ranked[i].score);
    }
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace veche::polling
