#include "services/identity/calls/feedback_calls.h"

#include <optional>
#include <vector>

#include "common/api/page.h"
#include "common/api/timestamp.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/identity/calls/convert.h"

namespace veche::identity {
namespace {

constexpr size_t kLeastText = 3;
constexpr size_t kMostText = 5000;
constexpr size_t kMostPage = 300;

void AddProblem(absl::string_view field, const Text& problem, Violations& violations) {
  if (!problem.empty()) violations.Add(field, problem);
}

v1::FeedbackMessage ToWire(const FeedbackNote& note) {
  v1::FeedbackMessage wire;
  wire.set_text(note.text);
  wire.set_contact(note.contact);
  wire.set_page(note.page);
  wire.set_language(note.language);
  *wire.mutable_create_time() = api::ToTimestamp(note.create_time);
  return wire;
}

}  // namespace

absl::StatusOr<v1::SendFeedbackResponse> FeedbackCalls::SendFeedback(
    const rpc::Call& call, const v1::SendFeedbackRequest& request, Violations violations) {
  AddProblem("text",
             text::TextProblem(request.text(),
                               {.min_characters = kLeastText, .max_characters = kMostText}),
             violations);
  AddProblem("page",
             text::TextProblem(request.page(), {.max_characters = kMostPage, .single_line = true}),
             violations);
  std::optional<api::Contact> contact;
  if (!request.contact().empty()) {
    contact = api::ParseContact(request.contact());
    if (!contact) violations.Add("contact", "CONTACT");
  }
  RETURN_IF_ERROR(violations.ToStatus());

  const FeedbackNote note{.id = parts_.ids.New(),
                          .text = request.text(),
                          .contact = contact ? contact->value : "",
                          .page = request.page(),
                          .language = call.language(),
                          .create_time = parts_.clock.Now()};
  const v1::SendFeedbackResponse response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(parts_.feedback.Add(transaction, note));
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::ListFeedbackResponse> FeedbackCalls::ListFeedback(
    const rpc::Call& call, const v1::ListFeedbackRequest& request, Violations violations) {
  const api::Page page(request, "", violations);
  const std::string before = page.Place(IsUlid, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  std::vector<FeedbackNote> notes;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    // One row more than the page tells whether another page follows.
    ASSIGN_OR_RETURN(notes, parts_.feedback.List(transaction, before, page.size() + 1));
    return parts_.store.AddStaffAction(transaction, {.id = parts_.ids.New(),
                                                     .staff = StaffId(call.principal().name),
                                                     .action = "READ_FEEDBACK",
                                                     .time = parts_.clock.Now()});
  }));
  v1::ListFeedbackResponse response;
  if (notes.size() > static_cast<size_t>(page.size())) {
    notes.pop_back();
    response.set_next_page_token(page.TokenAfter(notes.back().id));
  }
  for (const FeedbackNote& note : notes) *response.add_messages() = ToWire(note);
  return response;
}

}  // namespace veche::identity
