#include "services/identity/calls/message_checks.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/texts.h"
#include "common/text/utf8.h"

namespace veche::identity {
namespace {

constexpr size_t kMostRequestId = 256;  // callers join names, keys and hashes
constexpr size_t kMostSubject = 200;
constexpr size_t kMostBody = 10'000;
constexpr size_t kMostHtml = 40'000;
constexpr size_t kMostLink = 1000;

void AddProblem(absl::string_view field, const Text& problem, Violations& violations) {
  if (!problem.empty()) violations.Add(field, problem);
}

// A link that stands in a header: printable ASCII without the characters that end it.
bool IsLink(absl::string_view link) {
  return link.size() <= kMostLink &&
         (absl::StartsWith(link, "https://") || absl::StartsWith(link, "http://")) &&
         std::all_of(link.begin(), link.end(), [](char c) {
           return absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '<' && c != '>' &&
                  c != '"';
         });
}

void CheckContent(absl::string_view field, const v1::Content& content, Violations& violations) {
  AddProblem(
      absl::StrCat(field, ".subject"),
      text::TextProblem(content.subject(), {.max_characters = kMostSubject, .single_line = true}),
      violations);
  AddProblem(absl::StrCat(field, ".body"),
             text::TextProblem(content.body(), {.min_characters = 1, .max_characters = kMostBody}),
             violations);
  AddProblem(absl::StrCat(field, ".html"),
             text::TextProblem(content.html(), {.max_characters = kMostHtml}), violations);
}

void CheckRecipient(absl::string_view field, const v1::SendMessagesRequest::Recipient& recipient,
                    int contents, Violations& violations) {
  if (recipient.request_id().empty()) {
    violations.Add(absl::StrCat(field, ".requestId"), "REQUIRED");
  }
  CheckRequestId(absl::StrCat(field, ".requestId"), recipient.request_id(), violations);
  if (recipient.content() < 0 || recipient.content() >= contents) {
    violations.Add(absl::StrCat(field, ".content"), "CONTENT_POSITION");
  }
  if (!recipient.unsubscribe_url().empty() && !IsLink(recipient.unsubscribe_url())) {
    violations.Add(absl::StrCat(field, ".unsubscribeUrl"), "LINK");
  }
}

}  // namespace

void CheckRequestId(absl::string_view field, absl::string_view request_id, Violations& violations) {
  AddProblem(field,
             text::TextProblem(request_id, {.max_characters = kMostRequestId, .single_line = true}),
             violations);
}

void CheckMessages(const v1::SendMessagesRequest& request, Violations& violations) {
  for (int i = 0; i < request.contents_size(); ++i) {
    const std::string field = absl::StrCat("contents[", i, "].languages");
    if (request.contents(i).languages().empty()) violations.Add(field, "REQUIRED");
    for (const auto& [language, content] : request.contents(i).languages()) {
      if (!IsLanguage(language)) violations.Add(field, "LOCALE");
      CheckContent(absl::StrCat(field, "[", language, "]"), content, violations);
    }
  }
  if (request.recipients_size() > kMostRecipients) {
    violations.Add("recipients", {"TOO_MANY", {{"most", absl::StrCat(kMostRecipients)}}});
  }
  for (int i = 0; i < request.recipients_size(); ++i) {
    CheckRecipient(absl::StrCat("recipients[", i, "]"), request.recipients(i),
                   request.contents_size(), violations);
  }
}

}  // namespace veche::identity
