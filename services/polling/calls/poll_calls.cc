#include "services/polling/calls/poll_calls.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/page.h"
#include "common/base/status_macros.h"
#include "services/polling/calls/initiative_view.h"
#include "services/polling/calls/poll_input.h"
#include "services/polling/domain/errors.h"
#include "services/polling/wire/convert.h"

namespace veche::polling {
namespace {

constexpr int kMostTries = 5;

bool IsEditor(const rpc::Call& call) {
  const auth::Principal& caller = call.principal();
  return caller.Is(options::v1::EDITOR) || caller.Is(options::v1::SERVICE);
}

}  // namespace

absl::StatusOr<Poll> PollCalls::Find(const rpc::Call& call, absl::string_view name) {
  std::optional<Poll> poll;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(poll, parts_.polls.Get(transaction, PollId(name)));
    return absl::OkStatus();
  }));
  if (!poll || (poll->state == PollState::kDraft && !IsEditor(call))) return PollNotFound(name);
  return *std::move(poll);
}

v1::Poll PollCalls::View(const rpc::Call& call, const Poll& poll) const {
  return ToWire(poll, {.language = call.language(), .now = parts_.clock.Now()}, parts_.texts);
}

void PollCalls::Advance(const std::string& id) {
  absl::Status status = parts_.lifecycle.AskIssuers(id);
  if (status.ok()) status = parts_.lifecycle.KeepTime(id);
  if (!status.ok()) {
    parts_.telemetry.logger->Warning("poll not moved on yet",
                                     {{"poll", id}, {"error", status.ToString()}});
  }
  parts_.on_change();
}

absl::StatusOr<v1::ListPollsResponse> PollCalls::ListPolls(const rpc::Call& call,
                                                           const v1::ListPollsRequest& request,
                                                           Violations violations) {
  const bool editor = IsEditor(call);
  const api::Page page(request, editor ? "editors" : "", violations);
  const std::string before = page.Place(IsUlid, violations);
  CheckReference("appeals", request.appeal(), "appeal", violations);
  PollFilter filter{.district = request.district(), .subject = request.appeal()};
  for (const int state : request.state()) {
    if (state == v1::Poll::DRAFT && !editor) continue;
    if (!v1::Poll::State_IsValid(state) || state == 0) violations.Add("state", "UNKNOWN_VALUE");
    filter.states.push_back(static_cast<PollState>(state));
  }
  RETURN_IF_ERROR(violations.ToStatus());

  v1::ListPollsResponse response;
  if (request.state_size() > 0 && filter.states.empty()) return response;  // others' drafts
  std::vector<Poll> polls;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(polls, parts_.polls.List(transaction, filter, before, page.size() + 1));
    return absl::OkStatus();
  }));
  if (polls.size() > static_cast<size_t>(page.size())) {
    polls.pop_back();
    response.set_next_page_token(page.TokenAfter(polls.back().id));
  }
  const PollView view{.language = call.language(), .now = parts_.clock.Now(), .whole = false};
  for (const Poll& poll : polls) *response.add_polls() = ToWire(poll, view, parts_.texts);
  return response;
}

absl::StatusOr<v1::Poll> PollCalls::GetPoll(const rpc::Call& call,
                                            const v1::GetPollRequest& request) {
  ASSIGN_OR_RETURN(const Poll poll, Find(call, request.name()));
  v1::Poll wire = View(call, poll);
  if (poll.tree_size == 0) return wire;
  if (poll.state == PollState::kClosed) {
    v1::Results results;
    if (results.ParseFromString(poll.results)) wire.set_issued_count(results.issued_count());
    return wire;
  }
  if (const auto issued = parts_.issued.CountOfFirst(poll)) wire.set_issued_count(*issued);
  return wire;
}

absl::Status PollCalls::TakePictures(const rpc::Call& call, v1::Poll& poll,
                                     Violations& violations) {
  // ToDraft refuses what is too much.
  if (poll.questions_size() > static_cast<int>(protocol::kMaxAnswers)) return absl::OkStatus();
  std::vector<Picture> fetched;
  std::vector<std::pair<std::string, std::string>> hashes;  // the field, and what it names
  for (int i = 0; i < poll.questions_size(); ++i) {
    v1::Question& question = *poll.mutable_questions(i);
    if (question.options_size() > static_cast<int>(protocol::kMaxAnswerOptions)) continue;
    for (int j = 0; j < question.options_size(); ++j) {
      std::string& picture = *question.mutable_options(j)->mutable_picture();
      const std::string field = absl::StrCat("questions[", i, "].options[", j, "].picture");
      if (!picture.empty() && !absl::StartsWith(picture, "attachments/")) {
        hashes.emplace_back(field, picture);
      } else if (!picture.empty()) {
        ASSIGN_OR_RETURN(std::optional<Picture> image,
                         FetchPicture(parts_.uploads, call, picture, field, violations));
        picture = image ? image->hash : "";
        if (image) fetched.push_back(*std::move(image));
      }
    }
  }
  if (fetched.empty() && hashes.empty()) return absl::OkStatus();
  std::vector<std::string> unknown;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    unknown.clear();
    for (const Picture& image : fetched) {
      RETURN_IF_ERROR(parts_.pictures.Add(transaction, image));
    }
    for (const auto& [field, hash] : hashes) {
      ASSIGN_OR_RETURN(const bool known, parts_.pictures.Keep(transaction, hash));
      if (!known) unknown.push_back(field);
    }
    return absl::OkStatus();
  }));
  for (const std::string& field : unknown) violations.Add(field, "PICTURE_HASH");
  return absl::OkStatus();
}

absl::StatusOr<Poll> PollCalls::MakeDraft(const rpc::Call& call, v1::Poll poll, std::string id,
                                          Violations violations) {
  RETURN_IF_ERROR(TakePictures(call, poll, violations));
  DraftRules rules{.now = parts_.clock.Now(),
                   .issuers = parts_.issuers.names(),
                   .small_batches = parts_.small_batches};
  if (!poll.districts().empty()) {
    ASSIGN_OR_RETURN(rules.districts, parts_.city.ListDistricts());
  }
  Poll draft{.id = std::move(id), .definition = ToDraft(poll, rules, violations)};
  RETURN_IF_ERROR(violations.ToStatus());
  draft.definition.poll = draft.id;
  draft.close_time = absl::FromUnixSeconds(draft.definition.close_time);
  draft.subjects = {poll.subjects().begin(), poll.subjects().end()};
  draft.create_time = rules.now;
  return draft;
}

absl::StatusOr<v1::Poll> PollCalls::CreatePoll(const rpc::Call& call,
                                               const v1::CreatePollRequest& request,
                                               Violations violations) {
  ASSIGN_OR_RETURN(const Poll draft,
                   MakeDraft(call, request.poll(), parts_.ids.New(), std::move(violations)));
  const v1::Poll wire = View(call, draft);
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(parts_.polls.Add(transaction, draft));
    return call.Remember(transaction, wire);
  }));
  return wire;
}

absl::StatusOr<v1::Poll> PollCalls::UpdatePoll(
    const rpc::Call& call, const v1::UpdatePollRequest& request,
    // A handler takes its violations by value.
    // NOLINTNEXTLINE(performance-unnecessary-value-param)
    Violations violations) {
  const google::protobuf::FieldMask mask = ReadUpdateMask(request, violations);
  // Another editor may change the draft in between; the update is then made to the new draft.
  for (int tries = 0; tries < kMostTries; ++tries) {
    ASSIGN_OR_RETURN(const Poll old, Find(call, request.poll().name()));
    if (old.state != PollState::kDraft) return PollNotDraft();
    ASSIGN_OR_RETURN(Poll draft, MakeDraft(call, Merge(View(call, old), request.poll(), mask),
                                           old.id, violations));
    draft.create_time = old.create_time;
    const v1::Poll wire = View(call, draft);
    bool changed = false;
    const absl::Status status =
        parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
          ASSIGN_OR_RETURN(const std::optional<Poll> locked,
                           parts_.polls.Lock(transaction, draft.id));
          if (!locked) return PollNotFound(request.poll().name());
          changed = locked->version != old.version + 1;  // Lock adds one
          if (changed) return absl::AbortedError("the draft was changed");
          draft.version = locked->version;
          RETURN_IF_ERROR(parts_.polls.Update(transaction, draft));
          return call.Remember(transaction, wire);
        });
    if (status.ok()) return wire;
    if (!changed) return status;
  }
  return absl::AbortedError("the draft is changed all the time");
}

absl::StatusOr<v1::DeletePollResponse> PollCalls::DeletePoll(const rpc::Call& call,
                                                             const v1::DeletePollRequest& request) {
  v1::DeletePollResponse response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Poll> poll,
                     parts_.polls.Lock(transaction, PollId(request.name())));
    if (!poll) return PollNotFound(request.name());
    if (poll->state != PollState::kDraft) return PollNotDraft();
    RETURN_IF_ERROR(parts_.polls.Delete(transaction, poll->id));
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Poll> PollCalls::OpenPoll(const rpc::Call& call,
                                             const v1::OpenPollRequest& request) {
  const std::string id = PollId(request.name());
  RETURN_IF_ERROR(parts_.lifecycle.Schedule(id));
  Advance(id);
  ASSIGN_OR_RETURN(const Poll poll, Find(call, request.name()));
  return View(call, poll);
}

absl::StatusOr<v1::Poll> PollCalls::ClosePoll(const rpc::Call& call,
                                              const v1::ClosePollRequest& request) {
  const std::string id = PollId(request.name());
  RETURN_IF_ERROR(parts_.lifecycle.BeginClosing(id));
  parts_.on_change();
  ASSIGN_OR_RETURN(const Poll poll, Find(call, request.name()));
  return View(call, poll);
}

absl::StatusOr<v1::Results> PollCalls::GetResults(const rpc::Call& call,
                                                  const v1::GetResultsRequest& request) {
  ASSIGN_OR_RETURN(const Poll poll, Find(call, request.parent()));
  if (poll.tree_size == 0) return PollHasNoBoard();
  if (poll.state == PollState::kClosed) {
    v1::Results results;
    if (!results.ParseFromString(poll.results)) return absl::DataLossError("unreadable results");
    return results;
  }
  if (poll.definition.results_hidden) return ResultsHidden();
  ASSIGN_OR_RETURN(v1::Results results, parts_.live_results.Get(poll));
  if (const auto issued = parts_.issued.CountOfFirst(poll)) results.set_issued_count(*issued);
  results.set_eligible_count(poll.eligible);
  results.set_turnout(Turnout(results.ballot_count(), poll.eligible));
  return results;
}

}  // namespace veche::polling
